/**
 * Packs the tables of `content/networks` and `content/hardware`: `node tools/network-names/main.ts MODULES`. MODULES is a `node_modules` folder
 * with the npm packages @ip-location-db/asn, @ip-location-db/geo-whois-asn-country and oui-data. The same packages give the same files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { droppedBits } from '../../src/collect/packed/range-table.ts';
import { mergeRanges, packRanges, withoutHoles, type NamedRange } from './ranges.ts';
import { specialRanges } from './special.ts';
import { packVendors } from './vendors.ts';

const content = join(import.meta.dirname, '../../content');
/** Longer names of organisations are cut. */
const maxName = 48;

const [modules = ''] = process.argv.slice(2);
if (modules === '') {
  process.stderr.write('Usage: node tools/network-names/main.ts MODULES\n');
  process.exit(2);
}
packSystems();
packCountries();
const vendors = JSON.parse(readFileSync(join(modules, 'oui-data/index.json'), 'utf8')) as Record<string, string>;
write('hardware/vendors.br', Buffer.from(packVendors(vendors)));

function packSystems(): void {
  const names = new Map<string, string>();
  const uses = new Map<string, number>();
  const tables = ([4, 6] as const).map((version) => {
    const rows = rangesOf('asn', 'asn', version);
    const ranges = tableOf(
      version,
      rows.map(({ first, last, fields: [asn = ''] }) => ({ first, last, value: asn })),
    );
    for (const { value } of ranges) uses.set(value, (uses.get(value) ?? 0) + 1);
    for (const { fields } of rows) names.set(fields[0] ?? '', (fields[1] ?? '').slice(0, maxName).trim());
    return { version, ranges };
  });
  // The most frequent ones get the smallest numbers, which take the fewest bytes.
  const order = [...uses].sort((a, b) => b[1] - a[1] || Number(a[0]) - Number(b[0])).map(([asn]) => asn);
  const indexes = new Map(order.map((asn, index) => [asn, index]));
  for (const { version, ranges } of tables) {
    write(
      `networks/systems-ipv${version}.br`,
      packRanges(ranges, (asn) => indexes.get(asn) ?? 0),
    );
  }
  write('networks/system-names.br', Buffer.from(order.map((asn) => `${asn} ${names.get(asn) ?? ''}`).join('\n')));
}

function packCountries(): void {
  for (const version of [4, 6] as const) {
    const rows = rangesOf('geo-whois-asn-country', 'geo-whois-asn-country', version);
    const ranges = tableOf(
      version,
      rows
        .filter(({ fields }) => /^[A-Z]{2}$/.test(fields[0] ?? ''))
        .map(({ first, last, fields: [code = ''] }) => ({ first, last, value: code })),
    );
    write(
      `networks/countries-ipv${version}.br`,
      packRanges(ranges, (code) => (code.charCodeAt(0) << 8) | code.charCodeAt(1)),
    );
  }
}

function tableOf(version: 4 | 6, ranges: readonly NamedRange[]): NamedRange[] {
  return withoutHoles(mergeRanges(ranges), specialRanges(version));
}

/** Rows `first,last,field,"field"` of a table of numbers, IPv6 cut to what is kept of it. */
function rangesOf(
  packageName: string,
  file: string,
  version: 4 | 6,
): (Omit<NamedRange, 'value'> & { readonly fields: readonly string[] })[] {
  const path = join(modules, '@ip-location-db', packageName, `${file}-ipv${version}-num.csv`);
  const shift = version === 4 ? 0n : droppedBits;
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, first, last, third = '', fourth = ''] = /^(\d+),(\d+),([^,]+)(?:,"?(.*?)"?)?\r?$/.exec(line) ?? [];
      if (first === undefined || last === undefined) return [];
      return [{ first: Number(BigInt(first) >> shift), last: Number(BigInt(last) >> shift), fields: [third, fourth] }];
    });
}

function write(name: string, bytes: Uint8Array): void {
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(content, name), packed);
  process.stdout.write(`${name}: ${bytes.length} bytes, packed ${packed.length}\n`);
}
