import type { VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import { logEvent } from '../log-event.ts';
import { setProcess } from '../actor.ts';
import type { Provider } from '../provider.ts';

/** Windows Firewall: rules added, changed and deleted (2071 to 2097 since Windows 11). */
export const firewall: Provider = {
  names: ['Microsoft-Windows-Windows Firewall With Advanced Security'],
  dataset: 'firewall',
  events: { 2004: rule, 2005: rule, 2006: rule, 2033: rule, 2052: rule, 2071: rule, 2073: rule, 2097: rule },
};

/** The program that changed it is the actor; the one that the rule is about stands in `fields`. */
function rule(reader: EventReader): VakthundEvent {
  const event = logEvent(reader, reader.text('RuleName'));
  setProcess(event, null, reader.text('ModifyingApplication'));
  event.user_name = reader.text('ModifyingUser');
  event.network_transport = transports.get(reader.integer('Protocol') ?? -1) ?? null;
  return event;
}

const transports: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
]);
