import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../../base/time.ts';
import type { Contact } from './contact.ts';
import { findNew } from './find-new.ts';

const contact = (day: number, place: string, fields: Partial<Contact> = {}): Contact => ({
  kind: 'machine',
  source: '10.0.0.5',
  place,
  asn: 1,
  country: 'SE',
  first: day * microsPerDay,
  last: 30 * microsPerDay,
  days: 1,
  calls: 1,
  ...fields,
});

async function* all(contacts: readonly Contact[]): AsyncGenerator<Contact> {
  yield* contacts;
}

const bounds = { learning: 7 * microsPerDay, since: 0, until: Number.MAX_SAFE_INTEGER };

describe('new contacts', () => {
  it('are those after the learning time of each source, with what is new of them', async () => {
    const news = await findNew(
      all([
        contact(1, 'a.example'),
        contact(2, 'b.example', { source: '10.0.0.6', asn: 2, country: 'NO' }),
        contact(4, 'c.example'),
        contact(8, 'd.example', { source: '10.0.0.7', country: 'DE' }),
        contact(15, 'b.example', { asn: 2, country: 'NO' }),
        contact(16, 'new.example', { asn: 3, country: null }),
      ]),
      bounds,
    );
    expect(news.map(({ place, isNew, isNewToAll }) => [place, isNew, isNewToAll])).toEqual([
      ['b.example', { place: true, system: true, country: true }, { place: false, system: false, country: false }],
      ['new.example', { place: true, system: true, country: false }, { place: true, system: true, country: false }],
    ]);
    // Two new places in the 25.5 days from day 4.5 of the source on.
    expect(news[0]?.novelty.place).toBeCloseTo(2 / 25.5);
    expect(news[0]?.learnt).toBe(14 * microsPerDay);
  });

  it('are none in the learning time, and none outside the time that is asked for', async () => {
    const contacts = [
      contact(1, 'a.example', { last: microsPerDay }),
      contact(5, 'b.example', { last: 5 * microsPerDay }),
    ];
    expect(await findNew(all(contacts), bounds)).toEqual([]);
    const later = [contact(1, 'a.example'), contact(10, 'b.example'), contact(20, 'c.example')];
    const asked = await findNew(all(later), { ...bounds, since: 15 * microsPerDay });
    expect(asked.map(({ place }) => place)).toEqual(['c.example']);
  });

  it('keeps a bounded number of a source that has something new all the time', async () => {
    const many = Array.from({ length: 5000 }, (_none, index) => contact(1 + index / 100, `${index}.example`));
    const news = await findNew(all(many), bounds);
    expect(news).toHaveLength(100);
    expect(news[0]?.novelty.place).toBeGreaterThan(90);
  });
});
