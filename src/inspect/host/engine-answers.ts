import { EngineClient } from '../../base/engine-client.ts';
import { messageOf } from '../../base/errors.ts';

/** A part of an answer. What is not there, or of another type, is null or empty. */
export class Answer {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The member below these names. */
  at(...names: readonly string[]): Answer {
    let value = this.#value;
    for (const name of names) {
      value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    }
    return new Answer(value);
  }

  get text(): string | null {
    return typeof this.#value === 'string' ? this.#value : null;
  }

  get number(): number | null {
    const number = typeof this.#value === 'string' && this.#value !== '' ? Number(this.#value) : this.#value;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  }

  /** 1, 0, or null where nothing is said. */
  get flag(): number | null {
    return typeof this.#value === 'boolean' ? Number(this.#value) : null;
  }

  /** Seconds since 1970: of a number, or of a time as text. */
  get seconds(): number | null {
    if (typeof this.#value === 'number') return this.#value;
    const time = typeof this.#value === 'string' ? Date.parse(this.#value) : Number.NaN;
    return Number.isNaN(time) ? null : Math.floor(time / 1000);
  }

  /** Texts of a list, joined. */
  joined(by: string): string {
    return this.items.flatMap(({ text }) => text ?? []).join(by);
  }

  get items(): Answer[] {
    return Array.isArray(this.#value) ? this.#value.map((item) => new Answer(item)) : [];
  }

  get entries(): [name: string, value: Answer][] {
    return isRecord(this.#value)
      ? Object.entries(this.#value).map(([name, value]): [string, Answer] => [name, new Answer(value)])
      : [];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the engines of this machine answer; each question is asked once. An engine that does not answer is a complaint. */
export class EngineAnswers {
  readonly #clients: readonly { readonly socket: string; readonly client: EngineClient }[];
  readonly #complain: (socket: string, message: string) => void;
  readonly #known = new Map<string, Promise<Answer[]>>();
  readonly #inspected = new Map<string, Promise<Answer[]>>();

  constructor(sockets: readonly string[], complain: (socket: string, message: string) => void) {
    this.#clients = sockets.map((socket) => ({ socket, client: new EngineClient(socket) }));
    this.#complain = complain;
  }

  /** The answer of each engine. */
  ask(path: string): Promise<Answer[]> {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const asked = Promise.all(this.#clients.map(({ socket, client }) => this.#askOne(socket, client, path)));
    const answers = asked.then((all) => all.filter((answer) => answer !== undefined));
    this.#known.set(path, answers);
    return answers;
  }

  /** Elements of the lists that all engines answer with. */
  async list(path: string): Promise<Answer[]> {
    return (await this.ask(path)).flatMap(({ items }) => items);
  }

  /** All containers, stopped ones too, as they are inspected; those that went away meanwhile are left out. */
  containers(): Promise<Answer[]> {
    return this.#inspect('containers', '/containers/json?all=1');
  }

  /** All images as they are inspected. */
  images(): Promise<Answer[]> {
    return this.#inspect('images', '/images/json');
  }

  #inspect(what: string, listPath: string): Promise<Answer[]> {
    const known = this.#inspected.get(what) ?? this.#inspectEach(what, listPath);
    this.#inspected.set(what, known);
    return known;
  }

  async #inspectEach(what: string, listPath: string): Promise<Answer[]> {
    const found: Answer[] = [];
    for (const { socket, client } of this.#clients) {
      const listed = await this.#askOne(socket, client, listPath);
      for (const id of listed?.items.flatMap((item) => item.at('Id').text ?? []) ?? []) {
        const one = await this.#askOne(socket, client, `/${what}/${encodeURIComponent(id)}/json`);
        if (one !== undefined) found.push(one);
      }
    }
    return found;
  }

  async #askOne(socket: string, client: EngineClient, path: string): Promise<Answer | undefined> {
    try {
      return new Answer(await client.get(path, new AbortController().signal));
    } catch (error) {
      this.#complain(socket, `the engine did not answer ${path}: ${messageOf(error)}`);
      return undefined;
    }
  }
}
