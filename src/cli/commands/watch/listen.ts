import { VakthundError } from '../../../base/errors.ts';
import { receive } from '../../../case/watch/receive.ts';
import { secretFrom } from './secret.ts';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Listens where `--listen` says; undefined without it. Beyond loopback only with a token. */
export async function startListening(
  options: { readonly listen?: string; readonly listenTokenFile?: string },
  folder: string,
  metrics: () => string,
): Promise<{ readonly port: number; close(): Promise<void> } | undefined> {
  if (options.listen === undefined) return undefined;
  const address = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/i.exec(options.listen)?.groups;
  const host = address?.['v6'] ?? address?.['host'];
  const port = Number(address?.['port']);
  if (host === undefined || port > 65_535) {
    throw new VakthundError('USAGE', `"${options.listen}" is no address to listen on`, {
      hint: '127.0.0.1:2801 or [::1]:2801',
    });
  }
  const token = secretFrom(options.listenTokenFile);
  if (token === undefined && !loopback.has(host)) {
    throw new VakthundError('USAGE', `listening on ${host} needs --listen-token-file: everybody could post`, {
      hint: '--listen 127.0.0.1:2801',
    });
  }
  try {
    return await receive({ host, port, folder, token, nowMs: () => Date.now(), metrics });
  } catch (cause) {
    throw new VakthundError('OUTPUT', `cannot listen on ${options.listen}`, { cause });
  }
}
