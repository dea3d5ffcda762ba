import { expect, test } from 'vitest';
import { newEvent, type VakthundEvent } from '../../../../events/event.ts';
import { packEvents, unpackEvents } from './packed-events.ts';

const flow = (set: Partial<VakthundEvent>): VakthundEvent => Object.assign(newEvent('flow'), set) as VakthundEvent;
const dns = (set: object): VakthundEvent => Object.assign(newEvent('dns'), set) as VakthundEvent;

test('events come out as they went in, in their order', () => {
  const events = [
    flow({ time: 1_700_000_000_123_456, evidence_at: 1 }),
    dns({ dns_question_name: 'ä.test', dns_answers: ['192.0.2.1', ''], dns_response_code: null }),
    flow({ time: -1, evidence_at: 2 }),
    dns({ dns_question_name: '', dns_answers: null, dns_response_code: 'NOERROR' }),
    dns({ dns_question_name: null, dns_answers: null, dns_response_code: 'NXDOMAIN', dns_recursion_desired: true }),
  ];
  expect(unpackEvents(structuredClone(packEvents(events)))).toEqual(events);
  expect(unpackEvents(packEvents([]))).toEqual([]);
});
