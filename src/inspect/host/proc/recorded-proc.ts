import { normalPath } from '../../tree/tree.ts';
import { ProcFolder } from './proc-folder.ts';

/** What one path of `/proc` answered: of the members those that were asked for. */
export interface ProcAnswer {
  readonly path: string;
  /** Names in the folder. */
  readonly names?: readonly string[];
  /** Content, base64. */
  readonly bytes?: string;
  /** What the link says; null when it could not be read. */
  readonly link?: string | null;
  /** How many names the file behind the link has; null when it could not be reached. */
  readonly links?: number | null;
  readonly exists?: boolean;
}

/** Bytes of one content that are kept. */
const maxKeptBytes = 2 ** 22;

/** The running `/proc`, which remembers each of its answers. */
export class RecordingProc extends ProcFolder {
  readonly #answers = new Map<string, ProcAnswer>();

  answers(): Iterable<ProcAnswer> {
    return this.#answers.values();
  }

  override names(path: string): string[] {
    const names = super.names(path);
    this.#note(path, { names });
    return names;
  }

  override exists(path: string): boolean {
    const exists = super.exists(path);
    this.#note(path, { exists });
    return exists;
  }

  override bytes(path: string): Buffer | undefined {
    const bytes = super.bytes(path);
    if (bytes !== undefined) this.#note(path, { bytes: bytes.subarray(0, maxKeptBytes).toString('base64') });
    return bytes;
  }

  override link(path: string): string | undefined {
    const link = super.link(path);
    this.#note(path, { link: link ?? null });
    return link;
  }

  override linksOf(path: string): number | undefined {
    const links = super.linksOf(path);
    this.#note(path, { links: links ?? null });
    return links;
  }

  #note(asked: string, answer: Omit<ProcAnswer, 'path'>): void {
    const path = normalPath(`/${asked}`);
    this.#answers.set(path, { ...this.#answers.get(path), ...answer, path });
  }
}

/** The `/proc` of another machine, or of another time: it knows what was asked then, and nothing else. */
export class RecordedProc extends ProcFolder {
  readonly #answers = new Map<string, ProcAnswer>();

  constructor(answers: Iterable<ProcAnswer>) {
    super('/nonexistent');
    for (const answer of answers) this.#answers.set(normalPath(`/${answer.path}`), answer);
  }

  override names(path: string): string[] {
    return [...(this.#of(path)?.names ?? [])];
  }

  override exists(path: string): boolean {
    const answer = this.#of(path);
    return answer?.exists ?? (answer?.bytes !== undefined || answer?.names !== undefined || answer?.link !== undefined);
  }

  override bytes(path: string): Buffer | undefined {
    const bytes = this.#of(path)?.bytes;
    return bytes === undefined ? undefined : Buffer.from(bytes, 'base64');
  }

  override link(path: string): string | undefined {
    return this.#of(path)?.link ?? undefined;
  }

  override linksOf(path: string): number | undefined {
    return this.#of(path)?.links ?? undefined;
  }

  #of(path: string): ProcAnswer | undefined {
    return this.#answers.get(normalPath(`/${path}`));
  }
}
