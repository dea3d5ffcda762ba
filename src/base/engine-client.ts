import { request, type IncomingMessage } from 'node:http';

const timeoutMs = 10_000;
const maxAnswerBytes = 32 * 1024 * 1024;
const maxLineChars = 1024 * 1024;

/** Where engines listen that speak Docker's interface, as paths of the machine. */
export const engineSockets: readonly string[] = ['/var/run/docker.sock', '/run/podman/podman.sock'];

/** An answer that is no success. */
export class EngineRefusal extends Error {
  readonly status: number;

  constructor(status: number, path: string) {
    super(`status ${status} for ${path}`);
    this.status = status;
  }
}

/** The HTTP interface of an engine on its socket file: Docker's, which podman speaks too. Only reads. */
export class EngineClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** The JSON of an answer; throws for a status that is no success, and for one that is too long or takes too long. */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#ask(path, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of answer as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > maxAnswerBytes) throw new Error(`an answer longer than ${maxAnswerBytes} bytes`);
      parts.push(part);
    }
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  }

  /** The bytes of an answer that may be long and take long, as they come: whoever reads them bounds them. */
  async *stream(path: string, signal?: AbortSignal): AsyncGenerator<Buffer> {
    yield* (await this.#ask(path, signal)) as AsyncIterable<Buffer>;
  }

  /** Objects of an answer that does not end, as they come. */
  async *follow(path: string, signal: AbortSignal): AsyncGenerator<unknown> {
    const answer = await this.#ask(path, signal);
    let rest = '';
    answer.setEncoding('utf8');
    for await (const part of answer as AsyncIterable<string>) {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineChars) throw new Error(`an event longer than ${maxLineChars} characters`);
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as unknown;
    }
  }

  async #ask(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      // A connection of its own: an engine may have closed one that was kept, and the question would fail.
      const options = {
        socketPath: this.#socketPath,
        path,
        headers: { host: 'engine' },
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      } as const;
      const asked = request(options, done);
      asked.once('error', fail);
      asked.end();
    });
    if (answer.statusCode === 200) return answer;
    answer.resume();
    throw new EngineRefusal(answer.statusCode ?? 0, path);
  }
}
