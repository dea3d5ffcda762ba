import type { Mapping } from '../../../events/mapping.ts';
import { connection, firstOf, read } from './readers.ts';

/**
 * DNS records of EVE version 2 (a query record, an answer record with the whole message) and 3 (`request` and
 * `response`, both with `queries[]`). What Suricata groups by type repeats its `answers[]`.
 */
const question = {
  ...connection('dns'),
  dns_type: read('dns.type', 'lower', { request: 'query', response: 'answer' }),
  dns_id: firstOf('integer', 'dns.id', 'dns.queries[].id'),
  dns_question_name: firstOf('name', 'dns.rrname', 'dns.queries[].rrname'),
  dns_question_type: firstOf('text', 'dns.rrtype', 'dns.queries[].rrtype'),
  dns_truncated: read('dns.tc', 'boolean'),
  dns_recursion_desired: read('dns.rd', 'boolean'),
} as const;

/** Version 3 writes `NOERROR` on requests too: a request has no response code, so it stays in `fields`. */
export const dnsQuery: Mapping<'dns'> = { kind: 'dns', columns: question, drop: ['event_type'] };

export const dnsAnswer: Mapping<'dns'> = {
  kind: 'dns',
  columns: {
    ...question,
    dns_response_code: read('dns.rcode', 'text'),
    dns_answers: read('dns.answers[].rdata', 'list'),
    dns_answer_types: read('dns.answers[].rrtype', 'list'),
    dns_answer_ttls: read('dns.answers[].ttl', 'list'),
    dns_resolved_ip: read('dns.answers[].rdata', 'ips'),
    dns_authoritative: read('dns.aa', 'boolean'),
    dns_recursion_available: read('dns.ra', 'boolean'),
  },
  drop: ['event_type', 'dns.grouped'],
};
