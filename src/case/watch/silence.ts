import type { Micros } from '../../base/time.ts';
import type { Entity } from '../../events/entity.ts';
import { compileSuppressions, type Told } from '../../incidents/suppress/suppress.ts';
import type { Suppression } from '../../incidents/suppress/suppression.ts';
import { statOf } from '../followed-files.ts';
import { readSuppressions, suppressionsFile } from '../suppressions.ts';
import type { Alert } from './notice.ts';

/** Which alerts the suppressions of a case cover; a changed file counts from the next alert on. */
export class Silence {
  readonly #folder: string;
  readonly #now: () => Micros;
  #seen: string | undefined;
  #covers: (told: Told) => Suppression | undefined = () => undefined;

  constructor(caseFolder: string, now: () => Micros) {
    this.#folder = caseFolder;
    this.#now = now;
  }

  covers(alert: Alert): boolean {
    this.#reload();
    return this.#covers({ detector: alert.detector, entities: entitiesOf(alert) }) !== undefined;
  }

  #reload(): void {
    const stats = statOf(suppressionsFile(this.#folder));
    const day = Math.floor(this.#now() / 86_400_000_000);
    const state = `${stats?.mtimeNs ?? 0n} ${stats?.ino ?? 0n} ${day}`;
    if (state === this.#seen) return;
    this.#covers = compileSuppressions(readSuppressions(this.#folder), this.#now());
    this.#seen = state;
  }
}

function entitiesOf({ host, container, user }: Alert): Entity[] {
  const entities: Entity[] = [];
  if (host !== undefined) entities.push({ kind: 'host', value: host });
  if (container !== undefined) entities.push({ kind: 'container', value: container });
  if (user !== undefined) entities.push({ kind: 'user', value: user });
  return entities;
}
