import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

export const dns: Mapping<'dns'> = {
  kind: 'dns',
  columns: {
    ...when,
    ...endpoints,
    ...dataset('dns'),
    network_transport: read('proto', 'lower'),
    dns_id: read('trans_id', 'integer'),
    dns_question_name: read('query', 'name'),
    dns_question_type: read('qtype_name'),
    dns_question_class: {
      path: 'qclass_name',
      as: 'text',
      table: { C_INTERNET: 'IN', C_CHAOS: 'CH', C_HESIOD: 'HS', C_ANY: 'ANY' },
    },
    dns_response_code: read('rcode_name'),
    dns_answers: read('answers', 'list'),
    dns_answer_ttls: read('TTLs', 'list'),
    dns_resolved_ip: read('answers', 'ips'),
    dns_rejected: read('rejected', 'boolean'),
    dns_authoritative: read('AA', 'boolean'),
    dns_truncated: read('TC', 'boolean'),
    dns_recursion_desired: read('RD', 'boolean'),
    dns_recursion_available: read('RA', 'boolean'),
    event_duration: read('rtt', 'interval'),
  },
};
