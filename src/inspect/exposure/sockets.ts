/** A socket that waits for callers, as `ss` lists it. */
export interface ListeningSocket {
  /** `tcp` or `udp`. */
  readonly protocol: string;
  /** Empty is every address. */
  readonly address: string;
  readonly port: number;
  /** Names of the programs that hold it; empty without root. */
  readonly programs: readonly string[];
  readonly line: number;
}

/** Sockets that wait for callers in the output of `ss -tuln`, `-p` or not, with the column `Netid` or not. Other lines are passed over. */
export function readListeningSockets(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line, index) => socketOf(line, index + 1) ?? []);
}

/** Whether a text is the output of `ss`. */
export function isSocketList(text: string): boolean {
  return /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s+Local Address/m.test(text.slice(0, 1000));
}

function socketOf(line: string, number: number): ListeningSocket | undefined {
  const words = line.trim().split(/\s+/);
  const hasNetid = /^(?:tcp|udp)$/.test(words[0] ?? '');
  const [state = '', , , local = ''] = hasNetid ? words.slice(1) : words;
  if (state !== 'LISTEN' && state !== 'UNCONN') return undefined;
  const colon = local.lastIndexOf(':');
  const port = Number(local.slice(colon + 1));
  if (colon === -1 || !Number.isInteger(port)) return undefined;
  return {
    protocol: hasNetid ? (words[0] ?? '') : protocolOf(state),
    address: addressOf(local.slice(0, colon)),
    port,
    programs: [...new Set([...line.matchAll(/\("([^"]*)",pid=/g)].map(([, name = '']) => name))],
    line: number,
  };
}

function protocolOf(state: string): string {
  return state === 'LISTEN' ? 'tcp' : 'udp';
}

function addressOf(text: string): string {
  const address = text.replace(/%.*$/, '').replace(/^\[(.*)\]$/, '$1');
  return address === '*' || address === '0.0.0.0' || address === '::' ? '' : address;
}

/** Addresses that only programs of this machine can reach. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
}
