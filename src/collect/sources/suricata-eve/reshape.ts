import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';

/** Types whose records are changed before their mapping, or looked at beside it. */
export const reshapedTypes: ReadonlySet<string> = new Set(['smtp', 'ssh', 'stats']);

/** The record in the shape that its mapping reads. */
export function reshape(type: string, record: JsonObject): JsonObject {
  switch (type) {
    case 'dns':
      return reshapeDns(record);
    case 'smtp':
      return reshapeSmtp(record);
    case 'ssh':
      return reshapeSsh(record);
    default:
      return record;
  }
}

/**
 * Answers as version 2 and 3 write them, from those of version 1 (one record for each answer, its data beside the
 * question) and from the `grouped` format (`{ "A": ["192.0.2.1"], "SOA": [{ … }] }`) where it stands alone.
 */
function reshapeDns(record: JsonObject): JsonObject {
  const { dns } = record;
  if (!isObject(dns)) return record;
  const { rdata, ttl, ...rest } = dns;
  if (rdata !== undefined && dns['answers'] === undefined) {
    return { ...record, dns: { ...rest, answers: [{ rrtype: dns['rrtype'], ttl, rdata }] } };
  }
  const { grouped } = dns;
  if (!isObject(grouped) || dns['answers'] !== undefined) return record;
  return { ...record, dns: { ...dns, answers: Object.entries(grouped).flatMap(groupAnswers) } };
}

function groupAnswers([rrtype, values]: [string, unknown]): JsonObject[] {
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  return list.map((value) => (isObject(value) ? { rrtype, [rrtype.toLowerCase()]: value } : { rrtype, rdata: value }));
}

/** Mail addresses without the angle brackets of the SMTP command. */
function reshapeSmtp(record: JsonObject): JsonObject {
  const { smtp } = record;
  if (!isObject(smtp)) return record;
  const { mail_from: from, rcpt_to: to } = smtp;
  const bare = { ...smtp };
  if (from !== undefined) bare['mail_from'] = withoutBrackets(from);
  if (to !== undefined) bare['rcpt_to'] = Array.isArray(to) ? to.map(withoutBrackets) : withoutBrackets(to);
  return { ...record, smtp: bare };
}

function withoutBrackets(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('<') && value.endsWith('>') ? value.slice(1, -1) : value;
}

/** The protocol version as a number: `2.0` is 2. */
function reshapeSsh(record: JsonObject): JsonObject {
  const { ssh } = record;
  if (!isObject(ssh)) return record;
  const { client, server } = ssh;
  const version =
    (isObject(client) ? client['proto_version'] : undefined) ??
    (isObject(server) ? server['proto_version'] : undefined);
  const major = typeof version === 'string' ? /^(?<major>[12])\.\d+$/.exec(version)?.groups?.['major'] : undefined;
  return major === undefined ? record : { ...record, ssh: { ...ssh, version: Number(major) } };
}
