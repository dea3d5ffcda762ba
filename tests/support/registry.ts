import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from './image-archive.ts';

/** What a registry that is made up holds and asks for. */
export interface MadeRegistry {
  /** By repository and tag: bytes of a manifest or index. They are found by their digests too. */
  readonly manifests: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
  /** By digest. What is held under a digest need not have it. */
  readonly blobs: Readonly<Record<string, Buffer>>;
  readonly auth?: 'basic' | 'token';
  /** The token that counts now; the same one when left out. */
  readonly token?: () => string;
  /** `user:password`. */
  readonly login?: string;
  /** By digest: the index that the referrers API answers with. Without it, the API is not there. */
  readonly referrers?: Readonly<Record<string, Buffer>>;
  /** Answers 429 to so many requests first. */
  readonly busy?: number;
  /** Names in one page of a list. */
  readonly page?: number;
}

export interface RunningRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Method, path and authorization of each request, in order. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

const madeToken = 'made-up-token';

/** A registry on loopback that speaks as much of the OCI distribution-spec as readers ask for. */
export async function serveRegistry(made: MadeRegistry): Promise<RunningRegistry> {
  const requests: string[] = [];
  let busy = made.busy ?? 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    requests.push(`${request.method} ${url.pathname}${url.search} ${request.headers.authorization ?? '-'}`);
    if (busy-- > 0) response.writeHead(429, { 'retry-after': '0' }).end();
    else answer(made, url, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { host: `127.0.0.1:${port}`, requests, close };
}

function answer(made: MadeRegistry, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const { authorization = '' } = request.headers;
  const basic = `Basic ${Buffer.from(made.login ?? '').toString('base64')}`;
  const token = made.token?.() ?? madeToken;
  if (url.pathname === '/token') {
    const isKnown = made.login === undefined || authorization === basic;
    response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ token }));
    return;
  }
  const wanted = { basic, token: `Bearer ${token}` };
  if (made.auth !== undefined && authorization !== wanted[made.auth]) {
    const scheme =
      made.auth === 'basic' ? 'Basic realm="made up"' : `Bearer realm="${url.origin}/token",service="made-up"`;
    const errors = [{ code: 'UNAUTHORIZED', message: 'who are you?' }];
    response.writeHead(401, { 'www-authenticate': scheme }).end(JSON.stringify({ errors }));
    return;
  }
  const list = /^\/v2\/(?:(?<repository>.+)\/tags\/list|_catalog)$/.exec(url.pathname)?.groups;
  if (list !== undefined) sendList(made, list['repository'], url, response);
  else sendContent(contentAt(made, url.pathname), response);
}

function contentAt(made: MadeRegistry, path: string): Buffer | undefined {
  const {
    repository = '',
    what,
    name = '',
  } = /^\/v2\/(?<repository>.+)\/(?<what>manifests|blobs|referrers)\/(?<name>[^/]+)$/.exec(path)?.groups ?? {};
  if (what === 'blobs') return made.blobs[name];
  if (what === 'referrers') return made.referrers?.[name];
  const manifests = made.manifests[repository] ?? {};
  return manifests[name] ?? Object.values(manifests).find((bytes) => sha256(bytes) === name) ?? made.blobs[name];
}

function sendContent(bytes: Buffer | undefined, response: ServerResponse): void {
  if (bytes === undefined) response.writeHead(404).end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
}

function sendList(made: MadeRegistry, repository: string | undefined, url: URL, response: ServerResponse): void {
  const names = Object.keys(repository === undefined ? made.manifests : (made.manifests[repository] ?? {}));
  const from = names.indexOf(url.searchParams.get('last') ?? '') + 1;
  const page = names.slice(from, from + (made.page ?? names.length));
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < names.length;
  const headers: Record<string, string> = hasMore ? { link: `<${url.pathname}?last=${last}&n=1>; rel="next"` } : {};
  response.writeHead(200, headers).end(JSON.stringify({ [repository === undefined ? 'repositories' : 'tags']: page }));
}
