import { canonicalIp } from '../../base/ip.ts';
import { newEvent, type EventOf, type EventRow } from '../../events/event.ts';
import { finishProtocol } from '../one-way-flow.ts';
import { portOf, type FirewallMessage, type Groups } from './message.ts';

/** A flow of two ends in the groups of a pattern; `from` and `to` name them. What has no column stands in `fields`. */
export function flowOf(
  message: FirewallMessage,
  groups: Groups,
  from: string,
  to: string,
  columns: Partial<EventOf<'flow'>>,
  more: Readonly<Record<string, unknown>> = {},
): EventOf<'flow'> {
  const event = newEvent('flow');
  event.time = message.time;
  event.event_dataset = 'cisco.firewall';
  event.sensor = message.host;
  event.source_ip = addressOf(groups[from]);
  event.source_port = portOf(groups[`${from}Port`]);
  event.destination_ip = addressOf(groups[to]);
  event.destination_port = portOf(groups[`${to}Port`]);
  event.network_transport = groups['protocol']?.toLowerCase() ?? null;
  Object.assign(event, columns);
  finishProtocol(event as unknown as EventRow);
  const told = {
    ...message.more,
    message_id: message.number,
    ...sideOf(groups, from, 'source'),
    ...sideOf(groups, to, 'destination'),
    ...more,
  };
  event.fields = JSON.stringify(told);
  return event;
}

export function addressOf(text: string | undefined): string | null {
  return text === undefined ? null : (canonicalIp(text) ?? null);
}

/** What else is told of an end: its name where it is no address, interface, translation, user. */
function sideOf(groups: Groups, end: string, name: string): Record<string, string | undefined> {
  const isName = addressOf(groups[end]) === null;
  return {
    [`${name}_interface`]: groups[`${end}Interface`],
    [`${name}_name`]: isName ? groups[end] : undefined,
    [`${name}_mapped`]: groups[`${end}Mapped`],
    [`${name}_user`]: groups[`${end}User`],
  };
}
