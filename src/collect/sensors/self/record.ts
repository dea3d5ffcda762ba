import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { RecordContext } from '../../sensor.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { AppendedFiles, GuardedAudit, GuardedPaths, type AuditGuardState, type Tampering } from './guard.ts';
import { WatchedFolders } from './watched-folders.ts';

const everyMs = 5000;
/** Guarded files are looked at when the kernel tells of a change, and else so often: a folder may have come that nothing tells of. */
const lookMs = 60_000;

/** Looks again and again until the signal, and writes what it sees as alerts. */
export async function recordTampering(context: RecordContext): Promise<void> {
  const spool = new ExportSpool(context.folder, 'self', 'alert');
  const paths = new GuardedPaths(context.guarded);
  const files = new AppendedFiles(dirname(context.folder));
  const audit = new GuardedAudit();
  const kernel = new KernelView();
  const folders = new WatchedFolders();
  let lookedAtMs = -Infinity;
  const pathsSeen = (): Tampering[] => {
    if (!folders.takeChanged() && performance.now() - lookedAtMs < lookMs) return [];
    lookedAtMs = performance.now();
    const seen = [...paths.look()];
    folders.follow(paths.folders());
    return seen;
  };
  let isBlind = false;
  try {
    while (!context.signal.aborted) {
      try {
        const state = await kernel.look();
        const seen = [...pathsSeen(), ...files.look(), ...(state === undefined ? [] : audit.look(state))];
        spool.write(seen.map(rowOf));
        isBlind = false;
      } catch (error) {
        if (!isBlind) context.onLost(1, `what is done to the watch cannot be seen: ${messageOf(error)}`);
        isBlind = true;
      }
      await sleep(everyMs, undefined, { signal: context.signal }).catch(() => undefined);
    }
  } finally {
    folders.close();
    spool.close();
  }
}

/** The audit of the kernel, asked until it gives no answer: each question would wait for one. */
class KernelView {
  #canAsk = true;

  async look(): Promise<AuditGuardState | undefined> {
    if (!this.#canAsk) return undefined;
    try {
      const { readKernelAudit } = await import('../../linux/audit/kernel-state.ts');
      const { status, rules } = readKernelAudit();
      return { isEnabled: status.isEnabled, rules: rules.length };
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
