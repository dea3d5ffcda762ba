import { parseCidr, parseIpv4 } from '../../../../base/ip.ts';
import { FilterError, type Position } from '../filter/ast.ts';

/** A number as it may stand in a condition: decimal or `0x…`. Throws for other text. */
export function numberValue(value: string, at: Position): number | bigint {
  const isPlain = /^(?:0[xX][0-9a-fA-F]+|[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)$/.test(value);
  const number = isPlain ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new FilterError(`filter error: '${value}' is not a valid number`, at);
  if (Number.isSafeInteger(number) || !/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(value)) return number;
  return BigInt(value);
}

/** `true` or `false`. Throws for other text. */
export function booleanValue(value: string, at: Position): 'true' | 'false' {
  if (value === 'true' || value === 'false') return value;
  throw new FilterError(`filter error: unrecognized boolean value ${value}`, at);
}

/** An address or a network as a range. Throws for other text. */
export function networkValue(value: string, at: Position): { readonly first: bigint; readonly last: bigint } {
  const range = parseCidr(value);
  if (range !== undefined) return range;
  const slash = value.indexOf('/');
  const mask = slash < 0 ? undefined : parseIpv4(value.slice(slash + 1));
  const address = mask === undefined ? undefined : parseCidr(value.slice(0, slash));
  if (mask === undefined || address === undefined) {
    throw new FilterError(`unrecognized IP address ${value}`, at);
  }
  const prefix = Math.clz32(~mask >>> 0);
  return parseCidr(`${value.slice(0, slash)}/${prefix}`) ?? address;
}

/** The bytes of `bcontains` and `bstartswith`. Throws for text that is not hexadecimal. */
export function hexValue(value: string, at: Position): Uint8Array {
  if (value.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(value)) {
    throw new FilterError('filter error: bcontains and bstartswith operator support hex strings only', at);
  }
  return Uint8Array.from(Buffer.from(value, 'hex'));
}
