import { statSync } from 'node:fs';
import { EngineClient, EngineRefusal, engineSockets } from '../../../../base/engine-client.ts';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { quote } from '../../../../base/problem.ts';
import { listOf, member, textOf, textsOf, type Json } from '../../json.ts';
import type { StoreListing } from '../stores/store-listing.ts';

/** An engine that was found, and the socket that it listens on. */
export interface Engine {
  readonly socket: string;
  readonly client: EngineClient;
}

/** The engine on this socket; without one, on the first of the usual ones that is there. Throws `NOT_FOUND`. */
export function findEngine(socket: string | undefined, usual: readonly string[] = engineSockets): Engine {
  const found = (socket === undefined ? usual : [socket]).find(isSocket);
  if (found !== undefined) return { socket: found, client: new EngineClient(found) };
  const message =
    socket === undefined
      ? `no engine listens on ${usual.map((path) => quote(path)).join(' or ')}`
      : `${quote(socket)} is no socket`;
  throw new VakthundError('NOT_FOUND', message, {
    hint: 'docker-daemon:/path/to/engine.sock:NAME asks another one; podman: systemctl start podman.socket',
  });
}

export function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

/** What the engine says; undefined when it knows no such thing. Throws `EVIDENCE_READ` when it cannot be asked. */
export async function askEngine({ socket, client }: Engine, path: string, signal?: AbortSignal): Promise<Json> {
  try {
    return await client.get(path, signal ?? new AbortController().signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EngineRefusal && cause.status === 404) return undefined;
    const message = `the engine at ${quote(socket)} does not answer: ${messageOf(cause)}`;
    throw new VakthundError('EVIDENCE_READ', message, {
      cause,
      hint: 'its socket is for root and for the members of its group',
    });
  }
}

/** All images and containers of an engine, as it tells them; images without a name too. */
export async function listEngine(engine: Engine, signal?: AbortSignal): Promise<StoreListing> {
  const images = listOf(await askEngine(engine, '/images/json', signal));
  const containers = listOf(await askEngine(engine, '/containers/json?all=1', signal));
  return {
    images: images.flatMap((image) => textOf(member(image, 'Id')) ?? []),
    containers: containers.map((container) => ({
      name: (textsOf(member(container, 'Names'))[0] ?? '').replace(/^\//, ''),
      image: textOf(member(container, 'ImageID')) ?? textOf(member(container, 'Image')) ?? '',
      isRunning: textOf(member(container, 'State')) === 'running',
    })),
  };
}
