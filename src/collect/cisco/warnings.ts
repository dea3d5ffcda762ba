import { newEvent, type EventOf } from '../../events/event.ts';
import { setRequest } from '../http-request-line.ts';
import { groupsIn } from '../linux/messages/message.ts';
import { endsIn, type EndsForm } from './ends.ts';
import { addressOf } from './flow.ts';
import { portOf, type FirewallMessage, type Groups, type Reader } from './message.ts';

const filtered: EndsForm = {
  head: /^Dynamic [Ff]ilter (?<action>monitored|dropped|permitted|action) (?<rule>(?:black|white|grey|block|allow)list(?:ed)?) (?<protocol>\w{1,16}) traffic from /,
  between: ' to ',
  tail: /^,? .{0,300}?resolved from (?<list>\w{1,32}) list: (?<name>[^,]{1,300})(?:, threat-level: (?<level>[\w-]{1,32}), category: (?<category>.{1,200}))?$/,
};
const attacked = /^\[? ?(?:(?:Host|Subnet) )?(?<from>[\da-fA-F:.]{2,45}) \]? ?is (?<rule>attacking|targeted)\b/;
const recognised =
  /^IDS:(?<id>\d{1,6}) (?<rule>.{1,200}?) from (?<from>[\da-fA-F:.]{2,45}) to (?<to>[\da-fA-F:.]{2,45}) on interface (?<interface>\S{1,64})/;
const levels: Readonly<Record<string, string>> = {
  'very-high': 'high',
  high: 'high',
  moderate: 'medium',
  low: 'low',
  'very-low': 'low',
  none: 'info',
};

/** Traffic with a place of a list of bad ones. */
const readFiltered: Reader = (message) => {
  const groups = endsIn(message.text, filtered);
  if (groups === undefined || /white|allow/.test(groups['rule'] ?? '')) return undefined;
  const event = alertOf(
    message,
    groups,
    `Dynamic filter: ${groups['category'] ?? groups['rule'] ?? ''}`,
    levels[groups['level'] ?? ''] ?? 'medium',
  );
  event.event_action = groups['action'] === 'dropped' ? 'blocked' : 'logged';
  event.url_domain = addressOf(groups['name']) === null ? (groups['name']?.toLowerCase() ?? null) : null;
  return event;
};

/** The firewall counts refusals and scans of one host. */
const readAttacked: Reader = (message) => {
  const groups = groupsIn(message.text, attacked);
  if (groups === undefined) return undefined;
  const isTarget = groups['rule'] === 'targeted';
  return alertOf(
    message,
    isTarget ? { to: groups['from'] } : groups,
    `Threat detection: host is ${groups['rule'] ?? ''}`,
    'low',
  );
};

const readRecognised: Reader = (message) => {
  const groups = groupsIn(message.text, recognised);
  return groups === undefined ? undefined : alertOf(message, groups, groups['rule'] ?? '', 'low');
};

/** A page that was asked for through the firewall. */
const readPage: Reader = (message) => {
  const groups = groupsIn(
    message.text,
    /^(?:(?<user>\S{1,256})@)?(?<from>[\da-fA-F:.]{2,45}) Accessed (?:JAVA )?URL (?<to>[\da-fA-F.]{2,45}):(?<url>\S{1,16384})$/,
  );
  if (groups === undefined) return undefined;
  const event: EventOf<'http'> = newEvent('http');
  event.time = message.time;
  event.event_dataset = 'cisco.firewall';
  event.sensor = message.host;
  event.source_ip = addressOf(groups['from']);
  event.destination_ip = addressOf(groups['to']);
  event.network_transport = 'tcp';
  event.user_name = groups['user'] ?? null;
  setRequest(event, `GET ${groups['url'] ?? ''}`);
  event.http_request_method = null;
  event.fields = JSON.stringify({ ...message.more, message_id: message.number });
  return event;
};

export const warningReaders: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((last) => [`33800${last}`, readFiltered])),
  ...Object.fromEntries(
    Array.from({ length: 51 }, (_none, last) => [`4000${String(last).padStart(2, '0')}`, readRecognised]),
  ),
  733101: readAttacked,
  304001: readPage,
};

export function alertOf(message: FirewallMessage, groups: Groups, rule: string, severity: string): EventOf<'alert'> {
  const event: EventOf<'alert'> = newEvent('alert');
  event.time = message.time;
  event.event_dataset = 'cisco.firewall';
  event.sensor = message.host;
  event.source_ip = addressOf(groups['from']);
  event.source_port = portOf(groups['fromPort']);
  event.destination_ip = addressOf(groups['to']);
  event.destination_port = portOf(groups['toPort']);
  event.network_transport = groups['protocol']?.toLowerCase() ?? null;
  event.rule_id = message.number;
  event.rule_name = rule;
  event.rule_ruleset = 'cisco.firewall';
  event.rule_category = groups['category'] ?? null;
  event.rule_severity = severity;
  event.event_severity = message.level;
  event.message = message.text;
  event.fields = JSON.stringify({ ...message.more, interface: groups['interface'] ?? groups['fromInterface'] });
  return event;
}
