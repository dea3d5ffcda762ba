import { statSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { GrpcClient, grpcNotFound, GrpcRefusal } from '../../../../base/grpc/grpc-client.ts';
import { bytesOfField, numberOfField, textField, textOfField } from '../../../../base/grpc/protobuf.ts';
import { quote } from '../../../../base/problem.ts';
import { containerName, shownNames, type NamedImage } from '../stores/containerd-names.ts';
import type { StoreListing } from '../stores/store-listing.ts';

/** Where containerd listens: of its own, of k3s, of a Docker engine that keeps its images there. */
export const containerdSockets: readonly string[] = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/docker/containerd/containerd.sock',
];

const services = 'containerd.services';
/** `containerd.v1.types.Status`. */
const running = 2;

/** containerd as it answers on its socket (containerd's `api/services`, version 1). Only asked, never told to do anything. */
export class ContainerdService {
  readonly socket: string;
  readonly #client: GrpcClient;

  constructor(socket: string) {
    this.socket = socket;
    this.#client = new GrpcClient(socket);
  }

  /** Names of every namespace. */
  async images(): Promise<NamedImage[]> {
    const images: NamedImage[] = [];
    for (const namespace of await this.#namespaces()) {
      const answer = await this.#ask('images.v1.Images/List', Buffer.alloc(0), namespace);
      for (const image of bytesOfField(answer, 1)) {
        const target = bytesOfField(image, 3).at(-1) ?? Buffer.alloc(0);
        images.push({ name: textOfField(image, 1), namespace, digest: textOfField(target, 2) });
      }
    }
    return images;
  }

  /** What it has, for the image index. */
  async list(): Promise<StoreListing> {
    const containers: StoreListing['containers'][number][] = [];
    for (const namespace of await this.#namespaces()) {
      const tasks = bytesOfField(await this.#ask('tasks.v1.Tasks/List', Buffer.alloc(0), namespace), 1);
      const ids = new Set(
        tasks.filter((task) => numberOfField(task, 4) === running).map((task) => textOfField(task, 2)),
      );
      const answer = await this.#ask('containers.v1.Containers/List', Buffer.alloc(0), namespace);
      for (const container of bytesOfField(answer, 1)) {
        const id = textOfField(container, 1);
        const name = containerName(id, labelsOf(container));
        containers.push({ name, image: textOfField(container, 3), isRunning: ids.has(id) });
      }
    }
    return { images: shownNames(await this.images()), containers };
  }

  /** The bytes of a blob as they come: whoever reads them bounds them and compares the digest. Throws `EVIDENCE_READ` when it is not there. */
  async *blob(digest: string, namespace: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
    const method = `${services}.content.v1.Content/Read`;
    try {
      for await (const part of this.#client.stream(method, textField(1, digest), headersOf(namespace), signal)) {
        yield* bytesOfField(part, 2);
      }
    } catch (cause) {
      signal?.throwIfAborted();
      if (!(cause instanceof GrpcRefusal) || cause.status !== grpcNotFound) throw this.#unanswered(cause);
      throw new VakthundError('EVIDENCE_READ', `containerd names ${quote(digest)} and has it not`, {
        hint: 'layers that it threw away after unpacking are read as containerd-store:NAME, by root',
      });
    }
  }

  async #namespaces(): Promise<string[]> {
    const answer = await this.#ask('namespaces.v1.Namespaces/List', Buffer.alloc(0));
    return bytesOfField(answer, 1).map((namespace) => textOfField(namespace, 1));
  }

  async #ask(method: string, message: Buffer, namespace?: string): Promise<Buffer> {
    try {
      return await this.#client.ask(`${services}.${method}`, message, headersOf(namespace));
    } catch (cause) {
      throw this.#unanswered(cause);
    }
  }

  #unanswered(cause: unknown): VakthundError {
    const message = `containerd at ${quote(this.socket)} does not answer: ${messageOf(cause)}`;
    return new VakthundError('EVIDENCE_READ', message, { cause, hint: 'its socket is for root' });
  }
}

function labelsOf(container: Buffer): ReadonlyMap<string, string> {
  return new Map(bytesOfField(container, 2).map((label) => [textOfField(label, 1), textOfField(label, 2)]));
}

function headersOf(namespace: string | undefined): Readonly<Record<string, string>> {
  return namespace === undefined ? {} : { 'containerd-namespace': namespace };
}

/** containerd on this socket; without one, on the first of the usual ones that is there. Throws `NOT_FOUND`. */
export function findContainerd(
  socket: string | undefined,
  usual: readonly string[] = containerdSockets,
): ContainerdService {
  const found = (socket === undefined ? usual : [socket]).find(
    (path) => statSync(path, { throwIfNoEntry: false })?.isSocket() === true,
  );
  if (found !== undefined) return new ContainerdService(found);
  const message =
    socket === undefined
      ? `containerd listens on none of ${usual.map((path) => quote(path)).join(', ')}`
      : `${quote(socket)} is no socket`;
  throw new VakthundError('NOT_FOUND', message, { hint: 'containerd:/path/to/containerd.sock:NAME asks another one' });
}
