import type { DnsAnswer, DnsTransaction } from '../../model/network.ts';
import type { Line } from '../line.ts';
import { idColumns, idValues, list, row, schema, text, time } from './format.ts';

export const dnsLog = schema(
  'dns',
  `ts:time ${idColumns} proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string
   qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count
   answers:vector[string] TTLs:vector[interval] rejected:bool`,
);

const typeNumbers: ReadonlyMap<string, number> = new Map([
  ['A', 1],
  ['PTR', 12],
  ['MX', 15],
  ['TXT', 16],
  ['AAAA', 28],
  ['HTTPS', 65],
]);
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

export function dnsLine(dns: DnsTransaction): Line {
  const hasAnswers = dns.answers.length > 0;
  return {
    at: dns.time + (dns.rttMicros ?? 10_000_000),
    step: dns.flow.step,
    text: row(dnsLog, [
      time(dns.time),
      ...idValues(dns.flow),
      dns.flow.transport,
      dns.id,
      dns.rttMicros === undefined ? undefined : time(dns.rttMicros),
      text(dns.name),
      1,
      'C_INTERNET',
      typeNumbers.get(dns.type),
      dns.type,
      codes[dns.responseCode],
      dns.responseCode,
      dns.isAuthoritative,
      false,
      true,
      true,
      0,
      hasAnswers ? list(dns.answers.map(answerText)) : undefined,
      hasAnswers ? list(dns.answers.map((answer) => time(answer.ttlSeconds * 1_000_000))) : undefined,
      false,
    ]),
  };
}

function answerText(answer: DnsAnswer): string {
  return answer.type === 'TXT' ? `TXT ${answer.data.length} ${answer.data}` : answer.data;
}
