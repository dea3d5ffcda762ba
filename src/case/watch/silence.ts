import { messageOf } from '../../base/errors.ts';
import { microsPerDay, type Micros } from '../../base/time.ts';
import type { Entity } from '../../events/entity.ts';
import { compileSuppressions, type Told } from '../../incidents/suppress/suppress.ts';
import type { Silencing } from '../../incidents/suppress/suppression.ts';
import { statOf } from '../followed-files.ts';
import { readSuppressions, suppressionsFile } from '../suppressions.ts';
import type { Alert } from './notice.ts';

/** Which alerts the suppressions of a case cover; a changed file counts from the next alert on. */
export class Silence {
  readonly #folder: string;
  readonly #now: () => Micros;
  readonly #onFault: (message: string) => void;
  readonly #fixed: readonly Silencing[];
  #seen: string | undefined;
  #covers: (told: Told) => Silencing | undefined = () => undefined;

  /** Throws for a file that has an error at the start. One that gets an error later silences nothing until it is mended, and is told. */
  constructor(
    caseFolder: string,
    now: () => Micros,
    onFault: (message: string) => void = () => undefined,
    /** What silences beside the file of the case. */
    fixed: readonly Silencing[] = [],
  ) {
    this.#folder = caseFolder;
    this.#now = now;
    this.#onFault = onFault;
    this.#fixed = fixed;
    this.#load(this.#state());
  }

  covers(alert: Alert): boolean {
    this.refresh();
    return this.#covers({ detector: alert.detector, entities: entitiesOf(alert) }) !== undefined;
  }

  /** To be called now and then: a fault is told though nothing alarms. */
  refresh(): void {
    const state = this.#state();
    if (state === this.#seen) return;
    try {
      this.#load(state);
    } catch (error) {
      this.#seen = state;
      this.#covers = () => undefined;
      this.#onFault(messageOf(error));
    }
  }

  #load(state: string): void {
    this.#covers = compileSuppressions([...readSuppressions(this.#folder), ...this.#fixed], this.#now());
    this.#seen = state;
  }

  /** Changes with the file and with the day, on which entries expire. */
  #state(): string {
    const stats = statOf(suppressionsFile(this.#folder));
    const day = Math.floor(this.#now() / microsPerDay);
    return `${stats?.mtimeNs ?? 0n} ${stats?.ino ?? 0n} ${day}`;
  }
}

function entitiesOf({ host, container, user }: Alert): Entity[] {
  const entities: Entity[] = [];
  if (host !== undefined) entities.push({ kind: 'host', value: host });
  if (container !== undefined) entities.push({ kind: 'container', value: container });
  if (user !== undefined) entities.push({ kind: 'user', value: user });
  return entities;
}
