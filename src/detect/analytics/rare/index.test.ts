import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const also = ['networks', 'channels'] as const;
const call = (machine: number, name: string, ip: string, fields: Partial<EventOf<'tls'>> = {}): VakthundEvent =>
  event('tls', {
    time: dayStart + machine * 1_000_000,
    source_ip: `10.0.0.${machine}`,
    destination_ip: ip,
    tls_client_server_name: name,
    tls_client_ja4: 'browser',
    ...fields,
  });
const office = Array.from({ length: 12 }, (_none, index) => [
  call(index + 1, 'www.example.org', '8.8.8.8'),
  call(index + 1, `own${index}.net`, '8.8.4.4'),
]).flat();
const implant = call(7, 'c2.example.com', '193.0.6.139', { tls_client_ja4: 'implant' });

describe('what one machine does alone', () => {
  it('is told when place and client are rare', async () => {
    const findings = await findingsOf(analytic, [...office, implant], {}, also);
    expect(findings).toMatchObject([
      {
        title: '10.0.0.7 alone calls example.com, with a client of its own',
        severity: 'low',
        entities: [
          { kind: 'host', value: '10.0.0.7' },
          { kind: 'domain', value: 'example.com' },
          { kind: 'address', value: '193.0.6.139' },
          { kind: 'tls-fingerprint', value: 'implant' },
        ],
      },
    ]);
    expect(findings[0]?.reasons.map(({ what }) => what)).toEqual([
      'destination',
      'autonomous system',
      'country',
      'TLS fingerprint',
      'calls',
    ]);
  });

  it.each([
    ['the client is that of all', [...office, call(7, 'c2.example.com', '193.0.6.139')]],
    ['only the client is rare', [...office, call(7, 'www.example.org', '8.8.8.8', { tls_client_ja4: 'implant' })]],
    ['there are few machines', [...office.slice(0, 10), implant]],
    [
      'the machine is different in everything',
      [
        ...office,
        implant,
        ...['1.1.1.1', '9.9.9.9', '193.0.0.1', '208.67.222.222'].map((ip, index) =>
          call(7, `x${index}.com`, ip, { tls_client_ja4: 'implant' }),
        ),
      ],
    ],
  ])('is not told when %s', async (_what, events) => {
    expect(await findingsOf(analytic, events, {}, also)).toEqual([]);
  });
});
