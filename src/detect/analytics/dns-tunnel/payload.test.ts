import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../tests/fuzz/random.ts';
import { cut } from '../../../../tests/support/dns/records.ts';
import { analysePayload, type Payload } from './payload.ts';

const domain = 'evil.example';

function namesOf(text: string, labelLength: number, labelsPerName: number): string[] {
  const labels = cut(text, labelLength);
  const names: string[] = [];
  for (let at = 0; at < labels.length; at += labelsPerName) {
    names.push(`${labels.slice(at, at + labelsPerName).join('.')}.${domain}`);
  }
  return names;
}

function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(five, 2)))
    .join('');
}

const encoders: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  hex: (bytes) => Buffer.from(bytes).toString('hex'),
  base32,
  base64: (bytes) => Buffer.from(bytes).toString('base64url').toLowerCase(),
};

const randomBytes = fc.noBias(fc.uint8Array({ minLength: 840, maxLength: 3000 }));

describe('the payload of names', () => {
  it.each(['hex', 'base32', 'base64'])('is known for random data in %s, with its size', (encoding) => {
    const property = fc.property(
      randomBytes,
      fc.integer({ min: 10, max: 60 }),
      fc.integer({ min: 1, max: 3 }),
      (bytes, length, labels) => {
        const payload = analysePayload(namesOf(encoders[encoding]?.(bytes) ?? '', length, labels), domain);
        expect(payload.encodedness).toBeGreaterThan(0.8);
        expect(payload.encoding).toBe(encoding);
        expect(payload.estimatedBytes / bytes.length).toBeGreaterThan(0.8);
        expect(payload.estimatedBytes / bytes.length).toBeLessThan(1.25);
      },
    );
    fc.assert(property, { numRuns: 40 });
  });

  it.each(['hex', 'base32', 'base64'])('is known for text that was only encoded in %s', (encoding) => {
    const users = Array.from(
      { length: 40 },
      (_none, index) => `user${index}:x:${1000 + index}:100:Some Body:/home/user${index}:/bin/bash\n`,
    ).join('');
    const payload = analysePayload(namesOf(encoders[encoding]?.(Buffer.from(users)) ?? '', 40, 1), domain);
    expect(payload.encodedness).toBeGreaterThan(0.7);
    expect(payload.estimatedBytes / users.length).toBeCloseTo(1, 0);
  });

  it('is not seen in names that people and programs make up', () => {
    const word = fc.constantFrom(
      'customer',
      'portal',
      'gateway',
      'static',
      'nyheter',
      'winkel',
      'update',
      'metrics',
      'europe',
      'account',
      'cluster',
      'media',
    );
    const name = fc
      .tuple(word, word, word, fc.nat(300))
      .map(([a, b, c, number]) => `${a}-${b}${number}.${c}.${domain}`);
    const property = fc.property(fc.noBias(fc.array(name, { minLength: 60, maxLength: 200 })), (names) => {
      const payload = analysePayload([...new Set(names)], domain);
      expect(payload.encodedness).toBeLessThan(0.3);
      expect(payload.encoding).toBe('text');
    });
    fc.assert(property, { numRuns: 40 });
    const hosts = Array.from({ length: 100 }, (_none, index) => `ip-10-20-${index}-${(index * 7) % 256}.${domain}`);
    expect(analysePayload(hosts, domain).encodedness).toBeLessThan(0.3);
  });

  it('leaves out what is the same in many names, what they begin with and what counts them', () => {
    const bytes = Uint8Array.from({ length: 1400 }, (_none, index) => (index * 2_654_435_761) >>> 13);
    const hex = Buffer.from(bytes).toString('hex');
    const names = namesOf(hex, 28, 1).map((name, index) => `part${index}-${name.replace('.', '.session7.')}`);
    const payload = analysePayload(names, domain);
    expect(payload).toMatchObject({ encoding: 'hex', hasCounter: true, estimatedBytes: 1400 });
    expect(payload.meanCharacters).toBeCloseTo(28, 1);
  });

  it('reads bytes that a sensor escaped', () => {
    const random = new Random(7);
    const escaped = (): string =>
      Array.from({ length: 40 }, () => `\\x${(0xbc + random.below(66)).toString(16)}`).join('');
    const names = Array.from({ length: 50 }, () => `${escaped()}.${domain}`);
    expect(analysePayload(names, domain)).toMatchObject({ encoding: 'bytes', meanCharacters: 40 });
  });

  it('grows its estimate with the names that it was not given', () => {
    const names = namesOf('6bd65144cbf97f880c61618b6aac'.repeat(3), 28, 1);
    const whole = analysePayload(names, domain);
    expect(analysePayload(names, domain, whole.characters * 10).estimatedBytes).toBeCloseTo(
      whole.estimatedBytes * 10,
      -2,
    );
  });

  it.each<[string, string[], Partial<Payload>]>([
    ['reversed addresses', ['4.3.2.1', '9.8.7.6', '1.2.3.9'], { addressShare: 1 }],
    ['probes of a browser', ['qwkjhzxvbn', 'pokzmxnwqa', 'zmxncbvlak'], { probeShare: 1 }],
    ['the domain itself', [''], { estimatedBytes: 0, encodedness: 0 }],
    ['nothing', [], { names: 0, estimatedBytes: 0, encodedness: 0, addressShare: 0, meanCharacters: 0 }],
  ])('knows %s', (_what, subs, expected) => {
    expect(
      analysePayload(
        subs.map((sub) => (sub === '' ? domain : `${sub}.${domain}`)),
        domain,
      ),
    ).toMatchObject(expected);
  });

  it('does not take data for an address that only begins like one', () => {
    const names = namesOf('6bd65144cbf97f880c61618b6aac76de7430cd5bf965cbaa56c6679d', 28, 1).map(
      (name, index) => `1.2.${index}.4.${name}`,
    );
    expect(analysePayload(names, domain).addressShare).toBeLessThan(0.2);
  });

  it('never fails on hostile names', () => {
    const property = fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 30 }), (subs) => {
      const payload = analysePayload(
        subs.map((sub) => `${sub}.${domain}`),
        domain,
      );
      expect(Number.isFinite(payload.estimatedBytes)).toBe(true);
      expect(payload.encodedness).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 60 });
  });
});
