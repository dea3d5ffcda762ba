import { existsSync } from 'node:fs';
import type { SensorEvents } from '../../sensor.ts';
import { Spool } from '../_shared/spool.ts';
import { JournalFollower, type Positions } from './follower.ts';
import { ownLinesHere } from './own-lines.ts';
import { loadPositions, savePositions } from './positions.ts';

const keepBytes = 512 * 1024 * 1024;

/**
 * Writes down what journals have that is new, and remembers beside the folder how far it came: killed at any moment, the next one goes on
 * there.
 */
export class JournalSpool {
  readonly #statePath: string;
  readonly #positions: Positions;
  readonly #follower: JournalFollower;
  readonly #spool: Spool;
  readonly #events: Pick<SensorEvents, 'onLost' | 'onNote'>;

  /** `isPointed`: what stands in the journals at the first time is wanted too. `clockMs` is monotonic. */
  constructor(
    folder: string,
    journals: readonly string[],
    isPointed: boolean,
    events: Pick<SensorEvents, 'onLost' | 'onNote'>,
    clockMs: () => number,
    isOwn = ownLinesHere(),
  ) {
    this.#statePath = `${folder}.positions.json`;
    this.#events = events;
    this.#spool = new Spool(folder, 'journald', keepBytes);
    const known = loadPositions(this.#statePath, folder);
    if (known === undefined && existsSync(this.#statePath)) {
      events.onNote('what was noted of the journals is damaged: it begins anew');
    }
    this.#positions = known ?? new Map<string, bigint>();
    this.#follower = new JournalFollower(journals, this.#positions, clockMs, isOwn);
    if (known !== undefined) return;
    if (!isPointed) this.#follower.passOver();
    this.#save();
  }

  /** Takes what is new, up to a bound; true when nothing more is there now. */
  takeSome(): boolean {
    const { entries, isAll, lost, notes } = this.#follower.look();
    for (const note of notes) this.#events.onNote(note);
    if (lost > 0) this.#events.onLost(lost, 'entries that were removed unread, or are damaged');
    if (entries.length > 0) this.#spool.write(Buffer.concat(entries));
    if (entries.length > 0 || lost > 0) this.#save();
    this.#spool.mayRotate();
    return isAll;
  }

  close(): void {
    this.#follower.close();
    this.#spool.close();
  }

  #save(): void {
    savePositions(this.#statePath, this.#positions, this.#spool.end);
  }
}
