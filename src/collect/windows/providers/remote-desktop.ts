import { newEvent } from '../../../events/event.ts';
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
