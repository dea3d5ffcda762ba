import { describe, expect, it } from 'vitest';
import { Random } from '../../../../tests/fuzz/random.ts';
import { logStyles, randomText, toEvents, type Lookup } from '../../../../tests/support/dns/records.ts';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { microsPerMinute } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { severityRank, type Finding } from '../../../events/finding.ts';
import { analytic } from './index.ts';

const client = '10.0.0.5';
const resolver = '10.0.0.1';
const others = Array.from({ length: 9 }, (_none, index) => `10.0.0.${index + 20}`);

/** Sixty pieces of 28 hexadecimal digits: the least that must be found. */
function pieces(
  fields: Partial<Lookup> = {},
  count = 60,
  name: (hex: string, index: number) => string = (hex) => hex,
): Lookup[] {
  const random = new Random(3);
  return Array.from({ length: count }, (_none, index) => ({
    time: dayStart + index * microsPerMinute,
    client,
    resolver,
    type: 'A',
    answers: ['203.0.113.50'],
    ...fields,
    name: `${name(randomText(random, 28, 'hex'), index)}.evil.example`,
  }));
}

/** What makes the network large enough to say who asks for what. */
function neighbours(): Lookup[] {
  return others.map((address, index) => ({
    time: dayStart + index,
    client: address,
    resolver,
    type: 'A',
    name: 'www.example.org',
    answers: ['198.51.100.1'],
  }));
}

async function judge(lookups: readonly Lookup[], more: readonly VakthundEvent[] = []): Promise<Finding | undefined> {
  const findings = await findingsOf(analytic, [...toEvents([...lookups, ...neighbours()], 'zeek'), ...more], {
    min_score: 0,
  });
  return findings.find((finding) => finding.title.includes('carries'));
}

function isAtLeastMedium(finding: Finding | undefined): boolean {
  return finding !== undefined && severityRank(finding.severity) >= severityRank('medium');
}

describe('DNS as a channel', () => {
  it.each(logStyles)('is found in records as %s writes them, once, with its numbers', async (style) => {
    const findings = await findingsOf(analytic, toEvents([...pieces(), ...neighbours()], style));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      title: '10.0.0.5 carries data in DNS names below evil.example',
      sentence: '10.0.0.5 moved about 840 B in 60 DNS names below evil.example',
      first_seen: dayStart,
      count: style === 'zeek' ? 60 : 120,
      entities: [
        { kind: 'host', value: client },
        { kind: 'domain', value: 'evil.example' },
      ],
    });
    expect(isAtLeastMedium(findings[0])).toBe(true);
    const reasons = findings[0]?.reasons.map((reason) => [reason.what, reason.value]);
    expect(reasons).toContainEqual(['data that the names can carry', 'about 840 B in 60 names']);
    expect(reasons).toContainEqual(['hardly a name is asked for again', '60 names, 60 askings']);
    expect(reasons).toContainEqual(['asked of', resolver]);
    expect(findings[0]?.evidence.length).toBeGreaterThan(1);
  });

  it.each([
    ['nothing comes back', pieces({ code: null })],
    ['no name is known', pieces({ answers: [] })],
    ['the answer leads nowhere', pieces({ answers: ['127.0.0.1'] })],
    ['names hold signs of URLs', pieces({}, 60, (hex) => `${hex.slice(0, 9)}/${hex.slice(9, 15)}:${hex.slice(15)}`)],
    ['names begin like an address', pieces({}, 60, (hex) => `1.2.3.4.${hex}`)],
    ['names begin like a service', pieces({ type: 'TXT' }, 60, (hex) => `_x.${hex}._domainkey`)],
    [
      'numbered look-ups are answered with verdicts',
      pieces({ answers: ['127.0.0.2'] }, 200, (hex, index) => `${hex}${hex}${hex}${hex}.${index}`),
    ],
    ['the answer is an address that is used anyway', pieces({ answers: ['198.51.100.1'] })],
  ])('is found when %s', async (_how, lookups) => {
    const busy = Array.from({ length: 40 }, (_none, index) =>
      event('flow', {
        source_ip: others[0] ?? '',
        destination_ip: '198.51.100.1',
        destination_port: 443,
        time: dayStart + index * 7 * microsPerMinute,
      }),
    );
    expect(isAtLeastMedium(await judge(lookups, busy))).toBe(true);
  });

  it('weighs record types, answers and numbers', async () => {
    const random = new Random(5);
    const texts = pieces({ type: 'TXT' }, 60, (hex, index) => `${index}.${hex}`).map((lookup) => ({
      ...lookup,
      answers: [`TXT 100 ${randomText(random, 100, 'base64url')}`],
    }));
    const finding = await judge(texts);
    expect(finding).toMatchObject({ severity: 'critical', attack: ['T1071.004', 'T1572', 'T1048.003'] });
    expect(finding?.reasons.map((reason) => reason.what)).toEqual(
      expect.arrayContaining(['record types that carry data', 'data that the answers carry', 'names are numbered']),
    );
  });

  it('tells one long encoded name as a hint', async () => {
    const name = 'h4sicn032qaa3rlc3qudhh0aavjycxwakjehelu5klueow0zjxulgage.4s2fgaaaa9k2';
    expect(await judge(pieces({}, 1, () => name))).toMatchObject({ severity: 'low' });
    expect(await judge(pieces({}, 1, () => 'gmr02c.16.0.fhkfhsdkfhsk.tunnel'))).toBeUndefined();
  });

  it('names the machine behind a resolver, not the resolver', async () => {
    const both = pieces().flatMap((lookup) => [
      lookup,
      { ...lookup, client: resolver, resolver: '198.51.100.53', time: lookup.time + 500 },
    ]);
    const findings = await findingsOf(analytic, toEvents(both, 'zeek'));
    expect(findings.map((finding) => finding.entities[0]?.value)).toEqual([client]);
    const outside = await findingsOf(
      analytic,
      toEvents(pieces({ client: resolver, resolver: '198.51.100.53' }), 'zeek'),
    );
    expect(outside.map((finding) => finding.entities[0]?.value)).toEqual([resolver]);
  });

  it('sends to the log of a resolver, where only that was seen to ask', async () => {
    const seen = await judge(pieces({ client: resolver, resolver: '198.51.100.53' }));
    expect(seen?.next).toContain('which machine asks it for names below evil.example');
    expect(seen?.reasons).toContainEqual({
      what: 'passes on for others',
      value: `${others.length} machines ask ${resolver} for names`,
    });
    const own = await judge(pieces());
    expect(own?.next).toContain(`find the process on ${client}`);
    expect(own?.reasons.map(({ what }) => what)).not.toContain('passes on for others');
  });

  it.each([
    ['block lists answer with verdicts', pieces({ answers: ['127.0.0.2'] })],
    [
      'a known service is asked',
      pieces({ answers: [] }, 60, (hex) => `${hex}.avqs`).map((lookup) => ({
        ...lookup,
        name: lookup.name.replace('evil.example', 'mcafee.com'),
      })),
    ],
    ['names are addresses', pieces({ answers: [] }, 400, (_hex, index) => `${index % 256}.${(index * 7) % 256}.2.1`)],
    [
      'the same names are asked for day after day',
      Array.from({ length: 8 }, (_none, day) =>
        pieces().map((lookup) => ({ ...lookup, time: lookup.time + day * 1440 * microsPerMinute })),
      ).flat(),
    ],
    ['most machines ask alike', [client, ...others].flatMap((address) => pieces({ client: address }))],
    ['names lead to machines of ours', pieces().map((lookup, index) => ({ ...lookup, answers: [`10.1.0.${index}`] }))],
    [
      'a browser tests the network',
      Array.from({ length: 120 }, (_none, index) => ({
        ...(pieces()[0] as Lookup),
        answers: [],
        time: dayStart + index * 30 * microsPerMinute,
        name: `${randomText(new Random(index), 10, 'letters')}.evil.example`,
      })),
    ],
    [
      'the link itself is asked (mDNS)',
      pieces().map((lookup) => ({ ...lookup, name: lookup.name.replace('.evil.example', '.local') })),
    ],
    [
      'reversed zones are asked',
      pieces().map((lookup) => ({ ...lookup, type: 'PTR', name: lookup.name.replace('.evil.example', '.ip6.arpa') })),
    ],
    [
      'certificate authorities prove who owns domains',
      pieces({}, 120, (hex, index) => `${index % 2 === 0 ? `_${hex}` : '_acme-challenge'}.shop${index}.customers`).map(
        (lookup, index) => ({
          ...lookup,
          type: index % 2 === 0 ? 'CNAME' : 'TXT',
          answers: [
            index % 2 === 0
              ? `_${randomText(new Random(index), 32, 'hex')}.jkddzztszm.acm-validations.aws`
              : `TXT 43 ${randomText(new Random(index), 43, 'base64url')}`,
          ],
        }),
      ),
    ],
    ['an outside machine asks a server of ours', pieces({ client: '203.0.113.9', resolver: '10.0.0.53' })],
  ])('is not told when %s', async (_how, lookups) => {
    expect(isAtLeastMedium(await judge(lookups))).toBe(false);
  });

  it('is not told when connections follow, by address or by name', async () => {
    const lookups = pieces().map((lookup, index) => ({ ...lookup, answers: [`198.51.100.${index}`] }));
    const flows = lookups.map((lookup, index) =>
      event('flow', {
        source_ip: client,
        destination_ip: `198.51.100.${index}`,
        destination_port: 443,
        time: lookup.time + 50_000,
      }),
    );
    const handshakes = lookups.map((lookup) =>
      event('tls', {
        source_ip: client,
        destination_ip: '192.0.2.1',
        tls_client_server_name: lookup.name,
        time: lookup.time + 50_000,
      }),
    );
    expect(isAtLeastMedium(await judge(lookups, flows))).toBe(false);
    expect(isAtLeastMedium(await judge(lookups, handshakes))).toBe(false);
    const unrelated = flows.map((flow) => ({ ...flow, destination_ip: '192.0.2.1' }) as VakthundEvent);
    expect(isAtLeastMedium(await judge(lookups, unrelated))).toBe(true);
  });

  it('is not excused by what others connect to, unless the client connects nowhere', async () => {
    const toAnswer = (source: string): VakthundEvent[] =>
      pieces().map(({ time }) =>
        event('flow', { source_ip: source, destination_ip: '203.0.113.50', destination_port: 443, time }),
      );
    const elsewhere = event('flow', {
      source_ip: client,
      destination_ip: '192.0.2.9',
      destination_port: 443,
      time: dayStart,
    });
    expect(isAtLeastMedium(await judge(pieces(), [...toAnswer('10.0.0.20'), elsewhere]))).toBe(true);
    expect(isAtLeastMedium(await judge(pieces(), toAnswer('10.0.0.20')))).toBe(false);
    expect(isAtLeastMedium(await judge(pieces(), toAnswer(client)))).toBe(false);
  });

  it('needs names enough', async () => {
    const events = toEvents([...pieces(), ...neighbours()], 'zeek');
    expect(await findingsOf(analytic, events, { min_names: 61 })).toEqual([]);
    expect(await findingsOf(analytic, [])).toEqual([]);
  });
});

describe('text answers', () => {
  const text = randomText(new Random(9), 120, 'base64url') + 'ABCDEFGHIJKLMNOPQRSTUVWXYZ+/=!?';
  const asked = (fields: Partial<Lookup>): VakthundEvent[] =>
    toEvents(
      [
        {
          time: dayStart,
          client,
          resolver,
          type: 'TXT',
          name: 'cmd.evil.example',
          answers: [`TXT ${text.length} ${text}`],
          ...fields,
        },
      ],
      'zeek',
    );

  it('of high entropy are told as a hint, once for a machine and domain', async () => {
    const [finding, ...more] = await findingsOf(analytic, [...asked({}), ...asked({ time: dayStart + 5 })]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: 'DNS TXT answer with high entropy for cmd.evil.example',
      severity: 'low',
      count: 2,
    });
  });

  it('that a device announces are told as information', async () => {
    const announced = asked({ name: 'printer._ipp._tcp.local', type: '*' });
    expect(await findingsOf(analytic, announced)).toMatchObject([{ severity: 'info' }]);
  });

  it.each([
    ['are keys of mail', asked({ answers: [`v=DKIM1; k=rsa; p=${text}`] })],
    [
      'are words',
      asked({ answers: ['a sentence of some length that somebody wrote for others to read, and nothing else at all'] }),
    ],
    ['are short', asked({ answers: ['x9Kd!'] })],
    ['are no answers', asked({ answers: [] })],
  ])('are not told when they %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
