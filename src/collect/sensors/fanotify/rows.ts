import { lstatSync, type BigIntStats } from 'node:fs';
import type { Micros } from '../../../base/time.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import { actorFields, putActor } from '../../linux/process/actor.ts';
import type { FileHashes } from '../../linux/process/file-hashes.ts';
import type { KnownProcess } from '../../linux/process/process-table.ts';
import type { UserNames } from '../../linux/user-names.ts';

/** What happened to a file, by the action of `file_access`. */
export interface FileChange {
  readonly action: 'open' | 'read' | 'create' | 'write' | 'attribute' | 'rename' | 'delete';
  readonly path: string;
  /** Where a rename leads. */
  readonly target?: string;
  /** It is closed after it was written: what it holds now is told. */
  readonly isWhole?: boolean;
  readonly isFolder: boolean;
}

export interface RowContext {
  readonly hostName: string;
  readonly users: UserNames;
  readonly hashes: FileHashes;
  now(): Micros;
  /** How long a process has been there; undefined where that is not known. */
  ageNs(actor: KnownProcess): bigint | undefined;
}

/** The change as a row. `actor` is undefined when it is not known any more who had the process id. */
export function rowOf(
  change: FileChange,
  pid: number,
  actor: KnownProcess | undefined,
  context: RowContext,
): EventOf<'file_access'> {
  const row = newEvent('file_access');
  row.time = context.now();
  row.event_dataset = 'linux.file';
  row.sensor = 'fanotify';
  row.host_name = context.hostName;
  row.event_action = change.action;
  row.event_outcome = 'success';
  row.file_path = change.path;
  row.file_target_path = change.target ?? null;
  row.process_pid = pid > 0 ? pid : null;
  if (actor !== undefined) putActor(row, actor, context.users);
  if (change.action !== 'delete') putFile(row, change, context.hashes);
  const fields = {
    ...(change.isFolder ? { is_folder: true } : {}),
    ...(actor === undefined ? { unread: ['process'] } : unreadOf(actor)),
    ...ageOf(actor, context),
    ...(actor === undefined ? {} : actorFields(actor)),
  };
  row.fields = Object.keys(fields).length === 0 ? null : JSON.stringify(fields);
  return row;
}

function ageOf(actor: KnownProcess | undefined, context: RowContext): { readonly age_ns?: number } {
  const age = actor === undefined ? undefined : context.ageNs(actor);
  return age === undefined || age < 0n ? {} : { age_ns: Number(age) };
}

function unreadOf({ program: { unread } }: KnownProcess): Readonly<Record<string, unknown>> {
  return unread.length === 0 ? {} : { unread };
}

/** What the file is now: it may have changed again since. */
function putFile(row: EventOf<'file_access'>, { path, target = path, isWhole }: FileChange, hashes: FileHashes): void {
  const stats = statOf(target);
  if (stats === undefined) return;
  row.file_inode = String(stats.ino);
  row.file_mode = stats.mode.toString(8).padStart(7, '0');
  row.file_owner_id = Number(stats.uid);
  row.file_group_id = Number(stats.gid);
  if (!stats.isFile() || isWhole !== true) return;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const identity = { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs };
  row.file_hash_sha256 = hashes.of(target, identity) ?? null;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
