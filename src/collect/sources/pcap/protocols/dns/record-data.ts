import { formatIp } from '../../../../../base/ip.ts';
import type { Cursor } from '../../wire/cursor.ts';
import { hexText, ipv4Text, wireText } from '../../wire/text.ts';
import { readName } from './name.ts';
import { serviceBindingText } from './service-binding.ts';

type Render = (cursor: Cursor, end: number, owner: string) => string | undefined;

/**
 * The data of a record as text in Zeek's words; undefined where Zeek reports nothing or the data are damaged. Of NetBIOS's
 * answers Zeek reports nothing, and we do. The cursor may be
 * left anywhere: the caller knows where the record ends.
 */
export function readAnswerText(
  cursor: Cursor,
  type: number,
  end: number,
  owner: string,
  { isNetbios }: { readonly isNetbios: boolean },
): string | undefined {
  if (isNetbios && type === typeNb) return netbiosAddresses(cursor, end);
  if (isNetbios && type === typeNodeStatus) return nodeStatus(cursor, end);
  if (silent.has(type)) return undefined;
  const render = renderers[type];
  return render === undefined ? `<unknown type=${type}>` : render(cursor, end, owner);
}

const typeNb = 32;
/** SRV elsewhere. */
const typeNodeStatus = 33;

/** The addresses of a name, each behind two bytes of flags (RFC 1002, 4.2.13), parted by blanks: who answers for it is what poisoners tell. */
function netbiosAddresses(cursor: Cursor, end: number): string | undefined {
  const addresses: string[] = [];
  for (let at = cursor.position; at + 6 <= end; at += 6) addresses.push(ipv4Text(cursor.bytes, at + 2));
  return addresses.length === 0 ? undefined : addresses.join(' ');
}

/** The names that a node has, each with its suffix as `WORKPC<20>` (RFC 1002, 4.2.18): at most 255 of 18 bytes. */
function nodeStatus(cursor: Cursor, end: number): string | undefined {
  const names: string[] = [];
  for (let left = cursor.u8(); left > 0 && cursor.position + 18 <= end; left--) {
    const text = wireText(cursor.take(15)).trimEnd();
    names.push(`${text}<${hexText(cursor.take(1))}>`);
    cursor.skip(2);
  }
  return names.length === 0 ? undefined : `NBSTAT ${names.join(' ')}`;
}

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
