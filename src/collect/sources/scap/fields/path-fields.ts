import { eventFlag, type EventType } from '../format/event-table.ts';
import type { ScapRecord } from '../record.ts';
import { joinPath } from '../state/paths.ts';
import { nameOf } from './descriptor-fields.ts';
import { text, type Field, type FieldSource } from './field.ts';

/** Parameter with the path of calls that act on one. Those on a descriptor have its name. */
const pathOf: Readonly<Record<string, string>> = {
  mkdir: 'path',
  mkdirat: 'path',
  rmdir: 'path',
  unlink: 'path',
  unlinkat: 'name',
  open: 'name',
  openat: 'name',
  openat2: 'name',
  chmod: 'filename',
  fchmodat: 'filename',
  chown: 'path',
  lchown: 'path',
  fchownat: 'pathname',
  quotactl: 'special',
  umount: 'name',
  umount2: 'name',
};
const onDescriptor: ReadonlySet<string> = new Set(['fchmod', 'fchown']);

/** Parameters of calls that act on two paths. A link is the source, as in Falco. */
const pairOf: Readonly<Record<string, readonly [source: string, target: string]>> = {
  rename: ['oldpath', 'newpath'],
  renameat: ['oldpath', 'newpath'],
  renameat2: ['oldpath', 'newpath'],
  link: ['newpath', 'oldpath'],
  linkat: ['newpath', 'oldpath'],
  symlink: ['linkpath', 'target'],
  symlinkat: ['linkpath', 'target'],
  mount: ['dev', 'dir'],
};

/** As in Falco, of calls that open files only those that failed for want of a permission (-1) have no path. */
function hasFailed(record: ScapRecord): boolean {
  return (record.type.flags & eventFlag['creates-fd']) === 0 ? record.int(0) !== 0 : record.int(0) === -1;
}

/** A parameter of the call; old events have it only where they enter. */
function parameter(record: ScapRecord, name: string): string | undefined {
  const index = record.indexOf(name);
  if (index >= 0) return record.text(index);
  const { enter } = record;
  const enterIndex = enter?.indexOf(name) ?? -1;
  return enterIndex < 0 ? undefined : enter?.text(enterIndex);
}

function path(parameterOf: (type: EventType) => string | undefined): { readonly raw: Field; readonly full: Field } {
  const raw = (record: ScapRecord): string | undefined => {
    const { type } = record;
    if (type.isEnter || type.category === 'internal') return undefined;
    const name = parameterOf(type);
    if (name === undefined || hasFailed(record)) return undefined;
    const found = name === '' ? nameOf(record) : parameter(record, name);
    return found === '' || found === '<NA>' ? undefined : found;
  };
  const full = (record: ScapRecord): string | undefined => {
    const name = raw(record);
    if (name === undefined || name.startsWith('/')) return name;
    const { thread, system } = record;
    return thread === undefined ? undefined : joinPath(system.threads.directoryOf(thread), name);
  };
  return { raw: text(raw), full: text(full) };
}

const own = path(({ name }) => (onDescriptor.has(name) ? '' : pathOf[name]));
const source = path(({ name }) => pairOf[name]?.[0]);
const target = path(({ name }) => pairOf[name]?.[1]);

/** Paths that calls act on. Relative ones start at the directory of the process, whatever descriptor came with them. */
export const pathFields: Readonly<Record<string, FieldSource>> = {
  'fs.path.name': own.full,
  'fs.path.nameraw': own.raw,
  'fs.path.source': source.full,
  'fs.path.sourceraw': source.raw,
  'fs.path.target': target.full,
  'fs.path.targetraw': target.raw,
};
