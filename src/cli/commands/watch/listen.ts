import { resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { receive, type Listening, type ReceiveOptions } from '../../../case/watch/receive.ts';
import { secretFrom } from './secret.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Everything that is listened on. */
export interface Listeners {
  /** For people: `port 2801`, a path. */
  readonly at: readonly string[];
  close(): Promise<void>;
}

/** Listens everywhere that `--listen` says. Beyond loopback only with a token; a socket file is for its owner alone. */
export async function startListening(
  options: { readonly listen: readonly string[]; readonly listenTokenFile?: string },
  folder: string,
  metrics: () => string,
): Promise<Listeners> {
  const token = secretFrom(options.listenTokenFile);
  const running: Listening[] = [];
  const close = async (): Promise<void> => void (await Promise.all(running.map((one) => one.close())));
  const shared = { folder, token, nowMs: () => Date.now(), metrics };
  for (const address of options.listen) {
    try {
      const place = placeOf(address, token);
      running.push(await receive({ ...shared, ...place }));
    } catch (cause) {
      await close();
      if (cause instanceof VakthundError) throw cause;
      throw new VakthundError('OUTPUT', `cannot listen on ${address}`, { cause });
    }
  }
  return { at: running.map(({ at }) => at), close };
}

function placeOf(text: string, token: string | undefined): Pick<ReceiveOptions, 'place'> {
  if (text.startsWith('unix:')) {
    const path = resolve(text.slice('unix:'.length).replace(/^\/\/(?=\/)/, ''));
    // `sun_path` of unix(7), with its end.
    if (Buffer.byteLength(path) <= 107) return { place: { path } };
    throw new VakthundError('USAGE', `the path of the socket "${path}" is longer than 107 bytes`);
  }
  const address = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/i.exec(text)?.groups;
  const host = address?.['v6'] ?? address?.['host'];
  const port = Number(address?.['port']);
  if (host === undefined || port > 65_535) {
    throw new VakthundError('USAGE', `"${text}" is no address to listen on`, {
      hint: '127.0.0.1:2801, [::1]:2801 or unix:/run/vakthund.sock',
    });
  }
  if (token === undefined && !loopback.has(host)) {
    throw new VakthundError('USAGE', `listening on ${host} needs --listen-token-file: everybody could post`, {
      hint: '--listen 127.0.0.1:2801',
    });
  }
  return { place: { host, port } };
}
