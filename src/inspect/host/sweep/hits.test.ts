import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import type { IndicatorKind } from '../../../match/indicators/format.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { normalise } from '../../../match/indicators/normalise.ts';
import { IndicatorSetBuilder } from '../../../match/indicators/set-builder.ts';
import { Lists } from './hits.ts';

function listsOf(entries: readonly (readonly [IndicatorKind, string])[]): Lists {
  const builder = new IndicatorSetBuilder();
  for (const [kind, value] of entries) {
    const normal = normalise(kind, value);
    if (typeof normal === 'string') throw new Error(`${value} ${normal}`);
    builder.add('kit', { ...normal, description: null, confidence: null, expires_at: null });
  }
  return new Lists(new IndicatorMatcher({ set: builder.build(), asOf: 0 }));
}

const all = [
  ['address', '198.51.100.7'],
  ['address', '2001:db8::7'],
  ['cidr', '203.0.112.0/23'],
  ['cidr', 'fd00:12::/32'],
  ['domain', 'relay.kit.top'],
  ['url', 'http://drop.example.net/kit/a.sh'],
  ['url', 'http://192.0.2.77/x'],
  ['email', 'boss@mail.kit.xyz'],
] as const;
const each = all.map((entry) => listsOf([entry]));
const together = listsOf(all);

/** What is listed, near to it, and what stands around such things. */
const piece = fc.oneof(
  fc.constantFrom(...'.:/@-_ \n\0"?#%é'.split('')),
  fc.constantFrom(
    '198.51.100.7',
    '198.51.100',
    '203.0.113.255',
    '2001:db8::7',
    '2001:0DB8:0::0007',
    '::ffff:198.51.100.7',
  ),
  fc.constantFrom(
    'fd00:12:3::1',
    'relay.kit.top',
    'A.Relay.KIT.top',
    'kit.top',
    'boss@mail.kit.xyz',
    'Boss+x@mail.kit.xyz',
  ),
  fc.constantFrom(
    'http://',
    'https://u:p@',
    'drop.example.net/kit/a.sh',
    'drop.example.net:8080',
    '/kit/a.sh?b=1',
    '%64rop.example.net',
  ),
  fc.constantFrom('192.0.2.77/x', '3221226061/x', '0xc000024d/x', '0300.0.2.77/x', 'a', '7', 'com', 'x'.repeat(70)),
  fc.string({ maxLength: 5 }),
);

describe('of bytes', () => {
  it('the same is found as of their whole text', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const text = bytes.toString('latin1');
        for (const lists of [...each, together]) expect(lists.inBytes(bytes)).toEqual(lists.inText(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('long lines and long files are read around what they name, with its line', () => {
    const long = 'function(a,b){return a.b.c(1.2)};'.repeat(5000);
    const bytes = Buffer.from(
      `${long}\n\n${long}http://drop.example.net/kit/a.sh?q ${long}relay.kit.top;${long}\n198.51.100.7\n`,
    );
    const found = together.inBytes(bytes).map(({ seen, line }) => [seen, line]);
    expect(found).toEqual([
      ['http://drop.example.net/kit/a.sh?q', 3],
      ['relay.kit.top', 3],
      ['198.51.100.7', 4],
    ]);
    expect(found).toEqual(together.inText(bytes.toString('latin1')).map(({ seen, line }) => [seen, line]));
  });

  it('time grows with their length only', () => {
    for (const part of [
      'a.',
      '1.',
      '1.1.',
      ':',
      'a:',
      '::',
      'http://',
      '://',
      '@.',
      'kit.top.',
      '198.51.',
      `${'a'.repeat(63)}.`,
    ]) {
      const bytes = Buffer.from(part.repeat(2_000_000 / part.length));
      const takenMs = processorClock();
      expect(together.inBytes(bytes)).toEqual([]);
      expect(takenMs()).toBeLessThan(5000);
    }
  });
});
