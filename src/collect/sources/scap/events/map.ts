import { newEvent, type EventOf, type VakthundEvent } from '../../../../events/event.ts';
import type { ScapRecord } from '../record.ts';
import { cloneFlag } from '../state/thread.ts';
import { applyActor, applyMoment } from './actor.ts';
import { meaningOf, type Meaning } from './calls.ts';
import { fieldsJson } from './fields-json.ts';
import { fileOf } from './file.ts';
import { outcomeOf } from './outcome.ts';
import { socketOf } from './socket.ts';

/** What an event becomes; undefined for those that are no rows of ours. */
export function eventOf(record: ScapRecord): VakthundEvent | undefined {
  if (record.type.kind === 'metaevent') return record.name === 'container' ? containerOf(record) : undefined;
  const meaning = meaningOf(record.name);
  // A call is told once, when it returns. The end of a thread has no return.
  if (meaning === undefined || (record.type.isEnter && meaning.action !== 'exit')) return undefined;
  switch (meaning.kind) {
    case 'process':
      return processOf(record, meaning);
    case 'file_access':
      return fileOf(record, meaning);
    case 'socket':
      return socketOf(record, meaning);
    case 'kernel_module':
      return moduleOf(record, meaning);
  }
}

function processOf(record: ScapRecord, meaning: Meaning): EventOf<'process'> | undefined {
  const { thread } = record;
  const { action } = meaning;
  const result = record.int(0);
  // The child's return says what the parent's said; the end of a thread is not that of its process.
  if (action === 'fork' && result === 0) return undefined;
  if (action === 'exit' && thread?.isMain !== true) return undefined;
  const row = newEvent('process');
  applyActor(row, record);
  row.event_action = action === 'fork' && isThread(record) ? 'thread' : action;
  const enter = record.enter;
  if (action === 'exit') row.process_exit_code = exitCodeOf(record);
  else applyResult(row, record, action, enter);
  row.fields = fieldsJson(record, enter);
  return row;
}

function applyResult(row: EventOf<'process'>, record: ScapRecord, action: string, enter: ScapRecord | undefined): void {
  const { thread, uidBefore } = record;
  const result = record.int(0);
  row.event_outcome = outcomeOf(record);
  if (result < 0) row.process_exit_code = -result;
  if (action === 'kill' || action === 'ptrace') addTarget(row, record, targetOf(record) ?? targetOf(enter));
  if (action === 'fork' && result > 0) addTarget(row, record, result);
  if (thread === undefined || (action !== 'exec' && action !== 'setuid')) return;
  if (action === 'exec') row.process_args = [thread.exe, ...thread.args];
  if (result < 0 || uidBefore === undefined) return;
  row.is_privileged_change = thread.uid === 0 && uidBefore !== 0;
}

function isThread(record: ScapRecord): boolean {
  const index = record.indexOf('flags');
  return index >= 0 && (record.uint(index) & cloneFlag.thread) !== 0;
}

/** The status as wait(2) gives it holds the exit code in its second byte. */
function exitCodeOf(record: ScapRecord): number | null {
  const status = record.int(0);
  return Number.isNaN(status) ? null : (status >> 8) & 0xff;
}

function targetOf(record: ScapRecord | undefined): number | undefined {
  const index = record?.indexOf('pid') ?? -1;
  return record === undefined || index < 0 ? undefined : record.int(index);
}

function addTarget(row: EventOf<'process'>, { system }: ScapRecord, pid: number | undefined): void {
  if (pid === undefined || Number.isNaN(pid)) return;
  row.target_pid = pid;
  row.target_name = system.threads.get(pid)?.name ?? null;
}

function moduleOf(record: ScapRecord, meaning: Meaning): EventOf<'kernel_module'> {
  const row = newEvent('kernel_module');
  applyActor(row, record);
  row.event_action = meaning.action;
  row.event_outcome = outcomeOf(record);
  const name = record.indexOf('name');
  row.module_name = name < 0 ? null : (record.text(name) ?? null);
  const fd = record.indexOf('fd');
  if (fd >= 0 && record.thread !== undefined) {
    row.file_path = record.system.threads.tableOf(record.thread).get(record.int(fd))?.name ?? null;
  }
  row.fields = fieldsJson(record, record.enter);
  return row;
}

/** A container that an engine told of: a record of its own, since it is no act of a process. */
function containerOf(record: ScapRecord): EventOf<'log'> | undefined {
  const container = record.system.containers.get(record.thread?.container ?? '');
  if (container === undefined) return undefined;
  const row = newEvent('log');
  applyMoment(row, record);
  row.event_dataset = 'scap.container';
  row.container_id = container.id;
  row.container_name = container.name ?? null;
  row.container_image_name = container.image ?? null;
  row.log_name = 'container';
  row.message = `container ${container.name ?? container.id} of ${container.image ?? 'an unknown image'}`;
  row.fields = JSON.stringify(container);
  return row;
}
