import { boolean, connectionColumns, defineKind, duration, integer, list, text } from '../kind.ts';

export const kind = defineKind({
  id: 'dns',
  title: 'DNS transaction',
  description: 'One question with its answers, or one of the two when the sensor logs them apart.',
  columns: {
    ...connectionColumns,
    dns_type: text('`query`, `answer`, or null when the row holds both.', 'dns.type'),
    dns_id: integer('Transaction id.', 'dns.id'),
    dns_question_name: text('Name asked for, in lower case, without the final dot.', 'dns.question.name'),
    dns_question_type: text('Type asked for: `A`, `TXT`, `TYPE65280`.', 'dns.question.type'),
    dns_question_class: text('Class asked for: `IN`.', 'dns.question.class'),
    dns_response_code: text('`NOERROR`, `NXDOMAIN`, …; null when no answer was seen.', 'dns.response_code'),
    dns_answers: list('Answer data as text, in order.', 'dns.answers.data'),
    dns_answer_types: list('Types of the answers, where the sensor tells.', 'dns.answers.type'),
    dns_answer_ttls: list('Times to live of the answers in seconds, as text.', 'dns.answers.ttl'),
    dns_resolved_ip: list('Addresses among the answers.', 'dns.resolved_ip'),
    dns_rejected: boolean('The query was rejected by the server.'),
    dns_authoritative: boolean('AA flag.'),
    dns_truncated: boolean('TC flag.'),
    dns_recursion_desired: boolean('RD flag.'),
    dns_recursion_available: boolean('RA flag.'),
    event_duration: duration('Time from question to answer.', 'event.duration'),
  },
});
