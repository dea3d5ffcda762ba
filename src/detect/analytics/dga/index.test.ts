import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { randomFamilies } from '../../../../tools/dga-model/random-families.ts';
import { Numbers } from '../../../../tools/dga-model/samples.ts';
import { analytic } from './index.ts';
import { generatedLogOdds } from './model.ts';

const ask = (name: string, index: number, code = 'NXDOMAIN') =>
  event('dns', {
    source_ip: '10.0.0.5',
    destination_ip: '10.0.0.53',
    dns_question_name: name,
    dns_response_code: code,
    ...(code === 'NOERROR' ? { dns_resolved_ip: ['203.0.113.9'] } : {}),
    time: dayStart + index * 1_000_000,
    evidence_at: index + 1,
  });

const random = (count: number): string[] => {
  const numbers = new Numbers(7);
  return Array.from({ length: count }, () => `${numbers.text('abcdefghijklmnopqrstuvwxyz', 14)}.info`);
};
const plain =
  'weather garden bicycle library mountain kitchen football travelguide bookshop hospital university newsletter'
    .split(' ')
    .map((word) => `${word}-shop.com`);

describe('generated domain names', () => {
  it('are told when a client asks for many that do not exist, with the one that does', async () => {
    const names = random(40);
    const events = names.map((name, index) => ask(name, index, index === 30 ? 'NOERROR' : 'NXDOMAIN'));
    const [finding, ...others] = await findingsOf(analytic, events);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'analytics/dga',
      title: '10.0.0.5 asks for generated domain names',
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'domain', value: names[30] },
      ],
      attack: ['T1568.002'],
      first_seen: dayStart,
    });
    expect(['medium', 'high']).toContain(finding?.severity);
  });

  it.each([
    ['a few of them', random(8).map((name, index) => ask(name, index))],
    ['many that exist', random(40).map((name, index) => ask(name, index, 'NOERROR'))],
    ['ordinary names that do not exist', plain.map((name, index) => ask(name, index))],
    ['names of one domain', random(40).map((name, index) => ask(`${name.split('.')[0] ?? ''}.example.com`, index))],
    ['names without a domain', random(40).map((name, index) => ask(name.split('.')[0] ?? '', index))],
    [
      'some among many ordinary ones',
      [
        ...random(12),
        ...Array.from(
          { length: 40 },
          (_none, index) => `${plain[index % 12]?.slice(0, 5) ?? ''}bookshop${'aeiou'[index % 5] ?? ''}${index}.com`,
        ),
      ].map((name, index) => ask(name, index)),
    ],
  ])('says nothing about %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});

/** A word list of a family that puts names together from words. */
const listed = (name: string): string[] =>
  readFileSync(new URL(`../../../../tools/dga-model/word-lists/${name}.txt`, import.meta.url), 'utf8')
    .trim()
    .split(' ');
/** Share of the names that are told. */
const shareTold = (names: readonly string[]): number =>
  names.filter((name) => generatedLogOdds(name) > 1.5).length / names.length;

describe('the model', () => {
  it('tells names of random characters', () => {
    const numbers = new Numbers(99);
    const stock = { suppobox: [], matsnuNouns: [], matsnuVerbs: [], frequent: [], texts: [] };
    const made = Array.from({ length: 600 }, () => {
      const { label, suffix } = numbers.pick(randomFamilies).make(numbers, stock);
      return `${label}.${suffix}`;
    });
    expect(shareTold(made)).toBeGreaterThan(0.88);
  });

  it('tells names of words that do not go together', () => {
    const numbers = new Numbers(7);
    const [first, second] = [listed('suppobox-1'), listed('suppobox-2')];
    const [nouns, verbs] = [listed('matsnu-nouns'), listed('matsnu-verbs')];
    const made = Array.from({ length: 400 }, (_none, index) => {
      const list = index % 2 === 0 ? first : second;
      return `${numbers.pick(list)}${numbers.pick(list)}.net`;
    });
    expect(shareTold(made)).toBeGreaterThan(0.85);
    const long = Array.from(
      { length: 400 },
      () => `${numbers.pick(nouns)}${numbers.pick(verbs)}${numbers.pick(nouns)}${numbers.pick(verbs)}.com`,
    );
    expect(shareTold(long)).toBeGreaterThan(0.85);
  });

  it('leaves names that people choose', () => {
    const chosen =
      'google wikipedia microsoft stackoverflow nytimes theguardian aftonbladet sverigesradio lemonde spiegel virginiabeach yellowpages brownpaper travelandleisure bestbuy'.split(
        ' ',
      );
    expect(chosen.filter((label) => generatedLogOdds(`${label}.com`) > 1.5)).toEqual([]);
  });

  it('gives a number for anything', () => {
    const odd = ['', '-', 'ÅÄÖ', 'x'.repeat(10_000), '\u0000\uD800'];
    expect(odd.map(generatedLogOdds).filter(Number.isNaN)).toEqual([]);
  });
});
