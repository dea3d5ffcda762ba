import { canonicalIp, formatIp } from '../../../../../base/ip.ts';

/** A connection that one user offers another (a request of CTCP): for a file (DCC SEND) with its name, or for a talk (DCC CHAT). */
export interface DccOffer {
  readonly type: 'SEND' | 'CHAT';
  /** Of the file; `chat` or what else a talk is called. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly size: number | undefined;
}

const ctcp = '\u0001DCC ';
/** A name can be in quotation marks. The address is a number for IPv4, and text for IPv6. */
const offer =
  /^(?<type>SEND|CHAT) +(?:"(?<quoted>[^"]{1,255})"|(?<name>\S{1,255})) +(?<address>\d{1,10}|[\da-f:.]{2,45}) +(?<port>\d{1,5})(?: +(?<size>\d{1,15}))?/i;

/** The offer in a line without its prefix; undefined when there is none, and for one that waits for the other side to listen, whose port is 0. */
export function dccOfferIn(line: string): DccOffer | undefined {
  const at = line.indexOf(ctcp);
  if (at < 0 || !/^PRIVMSG +\S+ +:?$/i.test(line.slice(0, at))) return undefined;
  const groups = offer.exec(line.slice(at + ctcp.length))?.groups;
  if (groups === undefined) return undefined;
  const type = groups['type']?.toUpperCase() === 'CHAT' ? 'CHAT' : 'SEND';
  const { quoted, name = quoted ?? '', address: told = '', port: portText, size } = groups;
  const port = Number(portText);
  const address = /^\d+$/.test(told) ? ipv4Of(Number(told)) : canonicalIp(told);
  if (address === undefined || port === 0 || port > 65_535) return undefined;
  // Only the last part: a folder is not for the sender to choose.
  const file = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return { type, name: file, address, port, size: size === undefined ? undefined : Number(size) };
}

function ipv4Of(number: number): string | undefined {
  return number > 0xffff_ffff ? undefined : formatIp(0xffff_0000_0000n + BigInt(number));
}
