import { canonicalIp } from '../../../base/ip.ts';
import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import type { MapEvent, Provider } from '../provider.ts';

/** Remote Desktop on the machine that is logged in to: sessions, and what was authenticated before them. */
export const remoteDesktop: Provider = {
  names: [
    'Microsoft-Windows-TerminalServices-LocalSessionManager',
    'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
  ],
  dataset: 'remote-desktop',
  events: {
    21: session('login'),
    23: session('logout'),
    24: session('disconnect'),
    25: session('reconnect'),
    1149: session('authentication'),
  },
};

/** 1149 has the user, the domain and the address in fields that are only numbered. */
function session(action: string): MapEvent {
  return (reader) => {
    const event = newEvent('user_session');
    event.event_action = action;
    event.event_outcome = 'success';
    event.target_user_name = reader.text('User') ?? reader.account('Param1', 'Param2');
    event.source_ip = reader.ip('Address', 'Param3');
    event.session_id = reader.text('SessionID');
    event.service = 'remote desktop';
    return event;
  };
}

/** The protocol underneath: connections before anybody is authenticated, and addresses whose credentials were wrong. */
export const remoteDesktopCore: Provider = {
  names: ['Microsoft-Windows-RemoteDesktopServices-RdpCoreTS'],
  dataset: 'rdp-core',
  events: { 131: accepted, 140: refused },
};

/** `ClientIP` has the port behind the address, which stands in brackets when it is of IPv6. */
function accepted(reader: EventReader): VakthundEvent {
  const event = newEvent('socket');
  const client = /^\[?(?<address>[^\]]{1,64}?)\]?:(?<port>\d{1,5})$/.exec(reader.text('ClientIP') ?? '')?.groups;
  event.event_action = 'accept';
  event.event_outcome = 'success';
  event.source_ip = canonicalIp(client?.['address'] ?? '') ?? null;
  event.source_port = client === undefined ? null : Number(client['port']);
  event.network_transport = reader.text('ConnType')?.toLowerCase() ?? null;
  return event;
}

function refused(reader: EventReader): VakthundEvent {
  const event = newEvent('user_session');
  event.event_action = 'login';
  event.event_outcome = 'failure';
  event.source_ip = reader.ip('IPString');
  event.service = 'remote desktop';
  return event;
}
