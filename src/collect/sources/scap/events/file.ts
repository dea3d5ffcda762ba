import { newEvent, type EventOf } from '../../../../events/event.ts';
import { parameterText } from '../params/text.ts';
import type { ScapRecord } from '../record.ts';
import { joinPath } from '../state/paths.ts';
import { openFlag } from '../state/apply/files.ts';
import { descriptorOf } from '../fields/descriptor-fields.ts';
import { applyActor } from './actor.ts';
import type { Meaning } from './calls.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf } from './outcome.ts';

const exclusive = 32;
const wasCreated = 16_384;

/** An event for a call on a file: one, also for those that take two names. */
export function fileOf(record: ScapRecord, meaning: Meaning): EventOf<'file_access'> {
  const enter = record.enter;
  const row = newEvent('file_access');
  applyActor(row, record);
  row.event_action = meaning.action === 'open' ? openAction(record) : meaning.action;
  row.event_outcome = outcomeOf(record);
  row.syscall = record.name;
  const [path, target] = pathsOf(record, enter);
  row.file_path = path;
  row.file_target_path = meaning.action === 'rename' || meaning.action === 'link' ? target : null;
  if (meaning.action === 'mount') row.file_path = target ?? path;
  const inode = record.indexOf('ino');
  if (inode >= 0 && record.lengthOf(inode) === 8) row.file_inode = record.big(inode).toString();
  const device = record.indexOf('dev');
  if (device >= 0 && record.lengthOf(device) === 4) row.file_device = deviceName(record.uint(device));
  row.fields = fieldsJson(record, enter);
  return row;
}

/** `major:minor` of a device number as the kernel packs it. */
function deviceName(device: number): string {
  return `${(device >>> 8) & 0xfff}:${(device & 0xff) | ((device >>> 12) & 0xf_ff00)}`;
}

/** What an `open` was for: `create`, `write` or `read`. */
function openAction(record: ScapRecord): string {
  const index = record.indexOf('flags');
  const flags = index < 0 ? (record.descriptor?.openFlags ?? 0) : record.uint(index);
  const isNew = (flags & (wasCreated | openFlag.temporary)) !== 0;
  const isExclusive = (flags & openFlag.create) !== 0 && (flags & exclusive) !== 0;
  if (isNew || isExclusive) return 'create';
  return (flags & (openFlag.write | openFlag.truncate)) !== 0 ? 'write' : 'read';
}

/** The absolute paths that a call names, at most two. Older events have them in the enter event. */
function pathsOf(record: ScapRecord, enter: ScapRecord | undefined): [string | null, string | null] {
  const own = namedPaths(record);
  const named = own.length > 0 || enter === undefined ? own : namedPaths(enter);
  const [first, second] = named;
  if (first !== undefined) return [first, second ?? null];
  return [descriptorOf(record)?.name ?? null, null];
}

function namedPaths(record: ScapRecord): string[] {
  const found: string[] = [];
  record.type.parameters.forEach(({ type, name }, index) => {
    const isPath = type === 'FSPATH' || type === 'FSRELPATH' || (type === 'CHARBUF' && pathNames.has(name));
    if (!isPath || record.lengthOf(index) === 0 || found.length === 2) return;
    const { raw, resolved } = parameterText(record, index, record.system);
    if (raw !== '<NA>') found.push(absolute(resolved === '' ? raw : resolved));
  });
  return found;
}
/** Parameters that are paths although their type does not say so. */
const pathNames: ReadonlySet<string> = new Set(['target', 'source', 'dir', 'name']);

function absolute(path: string): string {
  return path.startsWith('/') ? joinPath('', path) : path;
}
