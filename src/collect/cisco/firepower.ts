import { parseIsoMicros, microsPerSecond } from '../../base/time.ts';
import type { EventOf } from '../../events/event.ts';
import { flowOf } from './flow.ts';
import type { FirewallMessage, Groups, Reader } from './message.ts';
import { alertOf } from './warnings.ts';

/** Fields of a message; more are an attacker's. */
const maxFields = 200;

/** `Name: value, Name: value`, where a value may have commas of its own. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split(/, (?=[A-Z][\w ]{1,40}: )/, maxFields)) {
    const end = part.indexOf(': ');
    if (end > 0) fields.set(part.slice(0, end), part.slice(end + 2));
  }
  return fields;
}

/** Names of the ends as the other messages have them. */
function endsOf(fields: ReadonlyMap<string, string>): Groups {
  return {
    from: fields.get('SrcIP'),
    fromPort: fields.get('SrcPort'),
    fromInterface: fields.get('IngressInterface'),
    fromUser: fields.get('User'),
    to: fields.get('DstIP'),
    toPort: fields.get('DstPort'),
    toInterface: fields.get('EgressInterface'),
    protocol: fields.get('Protocol'),
  };
}

const told = 'SrcIP SrcPort IngressInterface User DstIP DstPort EgressInterface Protocol'.split(' ');

/** A connection by Firepower: it knows who began, and counts both ways. One that begins (430002) is still open. */
const readConnection: Reader = (message) => {
  const fields = fieldsOf(message.text);
  if (!fields.has('SrcIP') || !fields.has('DstIP')) return undefined;
  const isOver = message.number === '430003';
  const isBlocked = /block/i.test(fields.get('AccessControlRuleAction') ?? '');
  const columns: Partial<EventOf<'flow'>> = {
    event_dataset: 'cisco.firepower',
    is_open: isOver || isBlocked ? null : true,
    event_duration: isOver ? (numberOf(fields, 'ConnectionDuration') ?? 0) * microsPerSecond : null,
    source_bytes: numberOf(fields, 'InitiatorBytes'),
    destination_bytes: numberOf(fields, 'ResponderBytes'),
    source_packets: numberOf(fields, 'InitiatorPackets'),
    destination_packets: numberOf(fields, 'ResponderPackets'),
    conn_state: isBlocked ? 'S0' : null,
    end_reason: isBlocked ? 'denied' : null,
    network_protocol: fields.get('ApplicationProtocol')?.toLowerCase() ?? null,
    uid: uidOf(message, fields),
  };
  const rest = Object.fromEntries([...fields].filter(([name]) => !told.includes(name)));
  const event = flowOf(message, endsOf(fields), 'from', 'to', columns, rest);
  event.time = parseIsoMicros(fields.get('FirstPacketSecond') ?? '') ?? message.time;
  return event;
};

/** An intrusion that Snort recognised in the firewall. */
const readIntrusion: Reader = (message) => {
  const fields = fieldsOf(message.text);
  const rule = fields.get('Message');
  if (rule === undefined) return undefined;
  const severity = { '1': 'high', '2': 'medium', '3': 'low' }[fields.get('Priority') ?? ''] ?? 'low';
  const event = alertOf(
    message,
    { ...endsOf(fields), category: fields.get('Classification') },
    rule.replaceAll('"', ''),
    severity,
  );
  event.rule_id =
    [fields.get('GID'), fields.get('SID')].filter((part) => part !== undefined).join(':') || message.number;
  event.event_action = fields.get('InlineResult') === undefined ? 'logged' : 'blocked';
  return event;
};

export const firepowerReaders: Readonly<Record<string, Reader>> = {
  430001: readIntrusion,
  430002: readConnection,
  430003: readConnection,
};

function numberOf(fields: ReadonlyMap<string, string>, name: string): number | null {
  const text = fields.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Connection ids are those of an instance of Snort, and begin again. */
function uidOf({ host }: FirewallMessage, fields: ReadonlyMap<string, string>): string | null {
  const id = fields.get('ConnectionID');
  const parts = [host ?? 'firewall', fields.get('InstanceID'), id, fields.get('FirstPacketSecond')];
  return id === undefined ? null : parts.filter((part) => part !== undefined).join(':');
}
