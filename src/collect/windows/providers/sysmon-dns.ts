import { canonicalIp } from '../../../base/ip.ts';
import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';

/** Answers that are read of one event; the text of a result has no bound of its own. */
const maxAnswers = 256;

/** Names of the results of `DnsQuery` (winerror.h) that DNS itself has a name for. */
const responseCodes: ReadonlyMap<number, string> = new Map([
  [0, 'NOERROR'],
  [9001, 'FORMERR'],
  [9002, 'SERVFAIL'],
  [9003, 'NXDOMAIN'],
  [9004, 'NOTIMP'],
  [9005, 'REFUSED'],
]);

/**
 * Event 22 of Sysmon. `QueryResults` has the answers with `;` behind each: `type:  5 a.example;::ffff:192.0.2.1;`. The process
 * that asked has no column in this kind and stands in `fields`.
 */
export function dnsQuery(reader: EventReader): VakthundEvent {
  const event = newEvent('dns');
  const name = reader.text('QueryName');
  event.dns_question_name = name === null ? null : nameOf(name);
  event.dns_response_code = responseCodes.get(reader.integer('QueryStatus') ?? -1) ?? null;
  const answers = (reader.text('QueryResults') ?? '').split(';', maxAnswers).filter((answer) => answer !== '');
  const data = answers.map((answer) => answer.replace(/^type: {1,4}\d{1,5} /, '').trim());
  const addresses = data.map((answer) => canonicalIp(answer)).filter((address) => address !== undefined);
  if (data.length > 0) event.dns_answers = data.map((answer) => canonicalIp(answer) ?? answer);
  if (addresses.length > 0) event.dns_resolved_ip = addresses;
  return event;
}

function nameOf(name: string): string {
  const lower = name.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
