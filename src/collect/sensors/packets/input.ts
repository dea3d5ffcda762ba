/** Where packets come from, as it is written on the command line. */
export type PacketInput =
  | { readonly from: 'interface'; readonly name: string }
  | { readonly from: 'connect' | 'listen'; readonly host: string; readonly port: number }
  | { readonly from: 'stdin' };

const address = /^(?:\[(?<v6>[0-9a-f:.%a-z]+)\]|(?<host>[^:\s[\]]+)):(?<port>\d{1,5})$/i;

/** `interface:eth0`, `connect:HOST:PORT`, `listen:ADDRESS:PORT`, `stdin`; undefined for anything else. */
export function parseInput(text: string): PacketInput | undefined {
  if (text === 'stdin') return { from: 'stdin' };
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  // A name that began with a dash would be an option of the program that captures.
  if (kind === 'interface') return /^[\w.@][\w.:@-]{0,63}$/.test(rest) ? { from: kind, name: rest } : undefined;
  if (kind !== 'connect' && kind !== 'listen') return undefined;
  const groups = address.exec(rest)?.groups;
  const host = groups?.['v6'] ?? groups?.['host'];
  const port = Number(groups?.['port']);
  return host === undefined || port > 65_535 ? undefined : { from: kind, host, port };
}
