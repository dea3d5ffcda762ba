import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { version } from '../../../base/version.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { GuardedPath } from '../../guarded.ts';
import type { RecordContext } from '../../sensor.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { takeEdited } from '../../../store/closed-mark.ts';
import { AppendedFiles, hasRecordsBefore } from './guard.ts';
import { GuardedAudit, type AuditGuardState } from './guarded-audit.ts';
import { GuardedClock } from './guarded-clock.ts';
import { GuardedPaths } from './guarded-paths.ts';
import {
  markOfState,
  readLastTime,
  sinceLastTime,
  stateLost,
  writeAlive,
  writeGuarded,
  type Guarded,
} from './last-time.ts';
import { busyMs, Standstill } from './standstill.ts';
import type { Tampering } from './tampering.ts';
import { WatchedFolders } from './watched-folders.ts';

const everyMs = 5000;
/** Guarded files are looked at when the kernel tells of a change, and else so often: a folder may have come that nothing tells of. */
const lookMs = 300_000;
/** How exactly the next watch knows when one that was killed saw something last. */
const aliveMs = 30_000;

/** Looks again and again until the signal, and writes what it sees as alerts. */
export async function recordTampering(context: RecordContext): Promise<void> {
  const spool = new ExportSpool(context.folder, 'self', 'alert');
  const ownFolder = `${dirname(dirname(context.folder))}/`;
  const isOfCase = ({ path }: GuardedPath): boolean => path.startsWith(ownFolder);
  const paths = new GuardedPaths(context.guarded.filter((one) => !isOfCase(one)));
  // Few, in a folder where something happens all the time.
  const ofCase = new GuardedPaths(context.guarded.filter(isOfCase));
  const files = new AppendedFiles(dirname(context.folder));
  const audit = new GuardedAudit();
  const kernel = new KernelView();
  const clock = new GuardedClock();
  const standstill = new Standstill(everyMs);
  const folders = new WatchedFolders();
  let lookedAtMs = -Infinity;
  const pathsSeen = (): Tampering[] => {
    if (!folders.takeChanged() && performance.now() - lookedAtMs < lookMs) return [];
    lookedAtMs = performance.now();
    const seen = [...paths.look()];
    folders.follow(paths.folders());
    return seen;
  };
  const life = new Life(
    context.folder,
    [paths, ofCase],
    hasRecordsBefore(dirname(context.folder), performance.timeOrigin),
  );
  let isBlind = false;
  let isFirst = true;
  try {
    while (!context.signal.aborted) {
      try {
        const state = await kernel.look();
        const seen = [
          ...pathsSeen(),
          ...ofCase.look(),
          ...(isFirst ? life.begin() : life.look()),
          ...editedStores(context.guarded),
          ...files.look(),
          ...standstill.look(performance.now(), Date.now(), busyMs()),
          ...clock.look(Date.now(), uptimeMs()),
          ...(state === undefined ? [] : audit.look(state)),
        ];
        isFirst = false;
        spool.write(seen.map(rowOf));
        life.goOn(seen.length > 0);
        isBlind = false;
      } catch (error) {
        if (!isBlind) context.onLost(1, `what is done to the watch cannot be seen: ${messageOf(error)}`);
        isBlind = true;
      }
      await sleep(everyMs, undefined, { signal: context.signal }).catch(() => undefined);
    }
    life.end();
  } finally {
    folders.close();
    spool.close();
  }
}

/** A row that was changed while no process of ours had the store, or sealed events that are gone: the file of the store is the same one. */
function* editedStores(guarded: readonly GuardedPath[]): Generator<Tampering> {
  for (const { path } of guarded.filter(({ role }) => role === 'store')) {
    const seenMs = takeEdited(path);
    if (seenMs === undefined) continue;
    const message = `${path} or sealed files of it were written, damaged or removed by another program, as was seen at ${new Date(seenMs).toISOString()}: what is stored may be changed or gone`;
    yield { rule: 'store-edited', title: 'Store of the watch edited', severity: 'high', message, path };
  }
}

/** Leaves word for the watch after this one. */
class Life {
  readonly #path: string;
  readonly #paths: readonly GuardedPaths[];
  readonly #hadRecords: boolean;
  #writtenMs = -Infinity;
  #mark = '';

  /** `hadRecords`: a watch ran before this one. */
  constructor(path: string, paths: readonly GuardedPaths[], hadRecords: boolean) {
    this.#path = path;
    this.#paths = paths;
    this.#hadRecords = hadRecords;
  }

  /** What was done since the watch before this one. */
  *begin(): Generator<Tampering> {
    const last = readLastTime(this.#path);
    if (last !== undefined) yield* sinceLastTime(last, Date.now(), this.#guarded());
    else if (this.#hadRecords) yield stateLost(this.#path, 'while no watch ran');
  }

  /** What was done to the word that is left. */
  *look(): Generator<Tampering> {
    if (markOfState(this.#path) === this.#mark) return;
    this.#writtenMs = -Infinity;
    yield stateLost(this.#path, 'while the watch ran');
  }

  goOn(hasChanged: boolean): void {
    const isFirst = this.#writtenMs === -Infinity;
    if (isFirst || hasChanged) {
      writeGuarded(this.#path, this.#guarded());
    }
    if (performance.now() - this.#writtenMs >= aliveMs) this.#write(false);
    this.#mark = markOfState(this.#path);
  }

  end(): void {
    this.#write(true);
  }

  #guarded(): Guarded {
    const roots = this.#paths.flatMap((one) => one.roots);
    return { version, roots, marks: Object.assign({}, ...this.#paths.map((one) => one.marks())) };
  }

  #write(hasEnded: boolean): void {
    this.#writtenMs = performance.now();
    writeAlive(this.#path, { atMs: Date.now(), hasEnded });
  }
}

/** Since the machine started, with the time that it slept: CLOCK_BOOTTIME. */
function uptimeMs(): number {
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000;
}

/** The audit of the kernel, asked until it gives no answer: each question would wait for one. */
class KernelView {
  #canAsk = true;

  async look(): Promise<AuditGuardState | undefined> {
    if (!this.#canAsk) return undefined;
    try {
      const { readKernelAudit } = await import('../../linux/audit/kernel-state.ts');
      const { status, rules } = readKernelAudit();
      return { ...status, rules };
    } catch {
      this.#canAsk = false;
      return undefined;
    }
  }
}

function rowOf({ rule, title, severity, message, path }: Tampering): EventOf<'alert'> {
  const row = newEvent('alert');
  row.time = Date.now() * 1000;
  row.event_dataset = 'vakthund.self';
  row.host_name = hostname();
  row.rule_id = rule;
  row.rule_name = title;
  row.rule_severity = severity;
  row.message = message;
  row.file_path = path ?? null;
  row.threat_technique_id = ['T1562.001'];
  return row;
}
