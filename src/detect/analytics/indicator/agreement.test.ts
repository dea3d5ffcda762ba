import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseIp } from '../../../base/ip.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { registeredDomain } from '../../../match/indicators/values/domain.ts';
import { event, noon, TestCase, type Entry } from './test-case.ts';

let testCase: TestCase;
beforeAll(async () => {
  testCase = await TestCase.open();
});
afterAll(() => testCase.close());

describe('hunting and watching', () => {
  const octet = fc.integer({ min: 0, max: 3 });
  const address = fc.oneof(
    fc.tuple(octet, octet, octet).map(([a, b, c]) => `${20 + a}.${b}.0.${c}`),
    fc.tuple(octet, octet).map(([a, b]) => `::ffff:${20 + a}.0.0.${b}`),
    fc.tuple(octet, octet).map(([a, b]) => `2a01:${a}::${b}`),
    octet.map((a) => `10.0.0.${a}`),
  );
  const label = fc.constantFrom('a', 'b', 'evil', 'WWW');
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => [...labels, 'com'].join('.'));
  const lower = name.map((each) => each.toLowerCase());
  const path = fc.array(fc.constantFrom('a', 'b', 'c?d'), { maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
  const agent = fc.constantFrom('EvilBot/1', 'x EvilBot', 'Mozilla/5.0', '*/*');
  const entry: fc.Arbitrary<Entry> = fc.oneof(
    address.map((value): Entry => ['address', value]),
    fc.tuple(address, fc.integer({ min: 16, max: 32 })).map(([value, prefix]): Entry => ['cidr', `${value}/${prefix}`]),
    name.map((value): Entry => ['domain', value]),
    fc.tuple(name, path).map(([host, target]): Entry => ['url', `http://${host}${target}`]),
    fc.constantFrom('EvilBot/1', '*EvilBot*', 'Mozilla*').map((value): Entry => ['user-agent', value]),
    fc.constantFrom('a', 'b').map((digit): Entry => ['md5', digit.repeat(32)]),
  );
  const stamp = fc.record({
    time: fc.integer({ min: noon, max: noon + 3 }),
    evidence_at: fc.integer({ min: 1, max: 5 }),
  });
  const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 8 });
  const ends = { source_ip: maybe(address), destination_ip: maybe(address) };
  const anyEvent = fc.oneof(
    fc.record({ ...ends, conn_state: maybe(fc.constantFrom('SF', 'S0')) }).map((fields) => event('flow', fields)),
    fc
      .record({
        ...ends,
        dns_question_name: maybe(lower),
        dns_answers: maybe(fc.array(fc.oneof(name, address))),
        dns_resolved_ip: maybe(fc.array(address)),
      })
      .map((fields) => event('dns', fields)),
    fc
      .record({
        ...ends,
        url_domain: maybe(fc.oneof(lower, address)),
        url_original: maybe(
          fc.oneof(
            path,
            fc.tuple(name, path).map(([host, target]) => `http://${host}${target}`),
          ),
        ),
        user_agent_original: maybe(agent),
      })
      .map((fields) => event('http', fields)),
    fc
      .record({ ...ends, host_name: maybe(fc.constantFrom('web1')), process_pid: maybe(octet) })
      .map((fields) => event('socket', fields)),
    fc
      .record({ ...ends, file_hash_md5: maybe(fc.constantFrom('a', 'B').map((digit) => digit.repeat(32))) })
      .map((fields) => event('file_transfer', fields)),
  );

  it('give the same verdict over the same events, with and without derived tables', async () => {
    const events = fc.array(
      fc.tuple(anyEvent, stamp).map(([each, times]): VakthundEvent => ({ ...each, ...times })),
      { maxLength: 25 },
    );
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(entry, { maxLength: 12 }),
          fc.array(entry, { maxLength: 6 }),
          events,
          fc.boolean(),
          async (one, two, all, isDerived) => {
            await testCase.list('one', one);
            await testCase.list('two', two);
            if (isDerived) await derive(all);
            const { hunted, watched } = await testCase.judge(all);
            expect(watched).toEqual(hunted);
          },
        )
        .beforeEach(() => testCase.clear()),
      { numRuns: 25 },
    );
  });

  /** What the enrichers put there: part of the names and addresses, as evidence of some kinds only does. */
  async function derive(events: readonly VakthundEvent[]): Promise<void> {
    const names = new Set(
      events.flatMap((each) =>
        each.kind === 'dns' && each.dns_question_name !== null ? [each.dns_question_name] : [],
      ),
    );
    await testCase.store.insert(
      'domain',
      [...names].map((each) => ({ name: each, registered_domain: registeredDomain(each) ?? null })),
    );
    const addresses = new Set(
      events.flatMap((each) => (each.kind === 'flow' && each.source_ip !== null ? [each.source_ip] : [])),
    );
    await testCase.store.insert(
      'address',
      [...addresses].map((each) => ({ ip: each, ip_number: parseIp(each) ?? null })),
    );
  }
});
