import { formatIp } from '../../../../../base/ip.ts';
import type { Cursor } from '../../wire/cursor.ts';
import { hexText, ipv4Text, wireText } from '../../wire/text.ts';
import { readName } from './name.ts';
import { serviceBindingText } from './service-binding.ts';

type Render = (cursor: Cursor, end: number, owner: string) => string | undefined;

/**
 * The data of a record as text in Zeek's words; undefined where Zeek reports nothing or the data are damaged. The cursor may be
 * left anywhere: the caller knows where the record ends.
 */
export function readAnswerText(
  cursor: Cursor,
  type: number,
  end: number,
  owner: string,
  { isNetbios }: { readonly isNetbios: boolean },
): string | undefined {
  if (isNetbios && (type === typeNb || type === typeSrv)) return undefined;
  if (silent.has(type)) return undefined;
  const render = renderers[type];
  return render === undefined ? `<unknown type=${type}>` : render(cursor, end, owner);
}

const typeNb = 32;
const typeSrv = 33;
/** WKS, NB, OPT, TSIG: read by Zeek without a word in the log. */
const silent: ReadonlySet<number> = new Set([11, 32, 41, 250]);

const name: Render = (cursor) => readName(cursor);

const strings =
  (label: string): Render =>
  (cursor, end) => {
    const parts: string[] = [];
    while (cursor.position < end) {
      const length = cursor.u8();
      const text = cursor.take(Math.min(length, end - cursor.position));
      parts.push(`${label} ${text.length} ${wireText(text)}`);
    }
    return parts.join(' ');
  };

const characterString = (cursor: Cursor): string => wireText(cursor.vector(1));

const ipv6: Render = (cursor, end) => {
  if (end - cursor.position !== 16) return undefined;
  let value = 0n;
  for (let index = 0; index < 4; index++) value = (value << 32n) | BigInt(cursor.u32());
  return formatIp(value);
};

const afterNumbers =
  (bytes: number): Render =>
  (cursor) => {
    cursor.skip(bytes);
    return readName(cursor);
  };

const renderers: Readonly<Record<number, Render>> = {
  1: (cursor, end) => (end - cursor.position === 4 ? ipv4Text(cursor.bytes, cursor.position) : undefined),
  2: name,
  5: name,
  6: name,
  12: name,
  13: (cursor) => `HINFO ${characterString(cursor)} ${characterString(cursor)}`,
  15: afterNumbers(2),
  16: strings('TXT'),
  28: ipv6,
  29: (cursor) => {
    cursor.skip(1);
    return `LOC:  ${cursor.u8()} ${cursor.u8()} ${cursor.u8()}`;
  },
  33: afterNumbers(6),
  35: (cursor) => {
    const order = cursor.u16();
    const preference = cursor.u16();
    const flags = characterString(cursor);
    const service = characterString(cursor);
    const rewrite = [characterString(cursor), readName(cursor) ?? ''].filter((part) => part !== '').join(' ');
    return `NAPTR ${order} ${preference} ${flags} ${service} ${rewrite}`;
  },
  38: ipv6,
  39: name,
  43: (cursor) => {
    cursor.skip(2);
    return `DS ${cursor.u8()} ${cursor.u8()}`;
  },
  44: (cursor, end) => {
    cursor.skip(2);
    return `SSHFP: ${hexText(cursor.take(end - cursor.position))}`;
  },
  46: (cursor) => {
    const covered = cursor.u16();
    cursor.skip(16);
    const signer = readName(cursor);
    return signer === undefined ? undefined : `RRSIG ${covered} ${signer === '' ? '<Root>' : signer}`;
  },
  47: (cursor, _end, owner) => {
    const next = readName(cursor);
    return next === undefined ? undefined : `NSEC ${owner} ${next}`;
  },
  48: (cursor) => {
    cursor.skip(3);
    return `DNSKEY ${cursor.u8()}`;
  },
  50: () => 'NSEC3',
  51: () => 'NSEC3PARAM',
  64: (cursor, end) => serviceBindingText('SVCB', cursor, end),
  65: (cursor, end) => serviceBindingText('HTTPS', cursor, end),
  99: strings('SPF'),
  257: (cursor, end) => {
    const flags = cursor.u8();
    const tag = characterString(cursor);
    return `CAA ${flags} ${tag} ${wireText(cursor.take(end - cursor.position))}`;
  },
  65534: () => 'BIND9 signing signal',
};
