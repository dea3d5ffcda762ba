import { newEvent } from '../../../../events/event.ts';
import { argumentsOf, argumentValue, currentDirectory } from '../interpret/call-arguments.ts';
import { openFlag } from '../../../linux/flags.ts';
import type { Fields } from '../records/fields.ts';
import { key } from '../records/keys.ts';
import { id, isNone, text, textAt } from '../records/values.ts';
import { applyActor, type Actor } from './actor.ts';
import type { Call } from './call.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf, ruleKeys } from './outcome.ts';
import { absolutePath, baseName, parentOf } from './paths.ts';
import { recordOf, type EventView } from './view.ts';

const nameKey = key('name');
const typeKey = key('nametype');
/** Kernels before 3.15 named it so. */
const oldTypeKey = key('objtype');
const inodeKey = key('inode');
const deviceKey = key('dev');
const modeKey = key('mode');
const ownerKey = key('ouid');
const groupKey = key('ogid');
const openat2Type = key('OPENAT2');
const openFlagsKey = key('oflag');
/** Where the flags of each call that opens stand. */
const flagsArgument: Readonly<Record<string, number>> = { open: 1, openat: 2, open_by_handle_at: 2 };

/** One PATH record with its name, and what it was to the call: `NORMAL`, `CREATE`, `DELETE`, `PARENT`, `UNKNOWN`. */
interface PathItem {
  readonly fields: Fields;
  readonly name: string | null;
  readonly nameType: string;
}

/** An event for each file that a call is about: one for most calls; both names of a rename or link stand in one. */
export function addFiles(context: MapContext, call: Call, actor: Actor, action: string): void {
  const { view } = context;
  const items = view.paths.map(readItem);
  const named = items.filter((item) => item.nameType !== 'PARENT' && item.name !== null);
  const resolve = resolver(view, call, items);
  const flags = action === 'open' ? openFlags(view, call) : undefined;
  const add = (item: PathItem | undefined, isFirst: boolean): void => {
    const path = item === undefined ? null : resolve(item.name);
    addFile(context, call, actor, { action: actionOf(action, item, flags), item, path, target: null, isFirst });
  };
  if (action === 'rename' || action === 'link') {
    const [from, to] = pairOf(named, action);
    const target = resolve(to?.name ?? null);
    // The text of a symbolic link is read from where the link stands, and is no file yet.
    const isSymbolic = call.name.startsWith('symlink');
    const path = isSymbolic ? linkText(from, target) : resolve(from?.name ?? null);
    addFile(context, call, actor, { action, item: isSymbolic ? (to ?? from) : from, path, target, isFirst: true });
    return;
  }
  const chosen = action === 'mount' ? named.slice(-1) : named;
  chosen.forEach((item, index) => {
    add(item, index === 0);
  });
  if (chosen.length > 0) return;
  add(
    items.find((other) => other.nameType !== 'PARENT'),
    true,
  );
}

function linkText(from: PathItem | undefined, link: string | null): string | null {
  const name = from?.name ?? null;
  return name === null ? null : absolutePath(name, link === null ? null : parentOf(link));
}

interface FileRow {
  readonly action: string;
  /** The record that tells inode, mode and owner. */
  readonly item: PathItem | undefined;
  readonly path: string | null;
  readonly target: string | null;
  readonly isFirst: boolean;
}

function addFile(context: MapContext, call: Call, actor: Actor, file: FileRow): void {
  const { item, path, target } = file;
  const row = newEvent('file_access');
  applyActor(row, actor, context.view, 'auditd.syscall');
  row.event_action = file.action;
  row.event_outcome = outcomeOf(call);
  row.syscall = call.name;
  row.rule_keys = ruleKeys(call.fields);
  row.file_path = path;
  row.file_target_path = target;
  if (item !== undefined) {
    row.file_inode = text(item.fields, inodeKey);
    row.file_device = deviceOf(item.fields);
    row.file_mode = text(item.fields, modeKey);
    row.file_owner_id = id(item.fields, ownerKey);
    row.file_group_id = id(item.fields, groupKey);
  }
  row.fields = fieldsJson(context, {
    main: call.fields,
    path: item?.fields,
    keepName: item !== undefined && item.name !== path && item.name !== target,
    withOthers: file.isFirst,
    title: actor.otherTitle,
  });
  context.events.push(row);
}

function readItem(fields: Fields): PathItem {
  const index = fields.indexOf(nameKey);
  const isNamed = index >= 0 && !isNone(fields, index);
  const nameType = text(fields, typeKey) ?? text(fields, oldTypeKey) ?? 'NORMAL';
  return { fields, name: isNamed ? textAt(fields, index) : null, nameType };
}

/**
 * A relative name belongs to the working directory, or to the directory that the call was given, logged as PARENT.
 * For a bare name the kernel logs the working directory there all the same; such a path is a guess, as ausearch makes it,
 * and `dirfd` in the fields shows that it is.
 */
function resolver(view: EventView, call: Call, items: readonly PathItem[]): (name: string | null) => string | null {
  const hasDirectory = argumentsOf(call.name).some(({ reading, index }) => {
    const value = reading === 'directory' ? argumentValue(call.fields, index) : null;
    return value !== null && value !== currentDirectory;
  });
  const parent = hasDirectory ? (items.find((item) => item.nameType === 'PARENT')?.name ?? null) : null;
  return (name) => {
    if (name === null) return null;
    if (name.startsWith('/') || parent?.startsWith('/') !== true) return absolutePath(name, view.cwd);
    return absolutePath(baseName(name), parent);
  };
}

/** Old and new name of a rename or link. A file that the rename replaced is a second DELETE. */
function pairOf(named: readonly PathItem[], action: string): [PathItem | undefined, PathItem | undefined] {
  const from = (action === 'rename' ? named.find((item) => item.nameType === 'DELETE') : undefined) ?? named[0];
  const created = named.filter((item) => item.nameType === 'CREATE' && item !== from);
  const to = created.find((item) => item.name !== from?.name) ?? created[0] ?? named.find((item) => item !== from);
  return [from, to];
}

function openFlags(view: EventView, call: Call): number | undefined {
  if (call.name === 'openat2') {
    const how = recordOf(view, openat2Type);
    const octal = how === undefined ? null : text(how, openFlagsKey);
    return octal !== null && /^[0-7]{1,22}$/.test(octal) ? Number(BigInt(`0o${octal}`) & 0xffff_ffffn) : undefined;
  }
  const argument = flagsArgument[call.name];
  return argument === undefined ? undefined : (argumentValue(call.fields, argument) ?? undefined);
}

/** What an `open` was for: `create`, `write` or `read`; it stays `open` when only a handle was wanted (O_PATH). */
function actionOf(action: string, item: PathItem | undefined, flags: number | undefined): string {
  if (action !== 'open' || flags === undefined) return action;
  if ((flags & openFlag.path) !== 0) return 'open';
  if (item?.nameType === 'CREATE' || (flags & openFlag.temporary) !== 0) return 'create';
  if ((flags & openFlag.create) !== 0 && item?.nameType !== 'NORMAL') return 'create';
  return (flags & (openFlag.write | openFlag.readWrite | openFlag.truncate)) !== 0 ? 'write' : 'read';
}

/** `dev=fd:01`, hexadecimal, as `253:1`. */
function deviceOf(fields: Fields): string | null {
  const device = text(fields, deviceKey);
  if (device === null || device === lastDevice.hexadecimal) return device === null ? null : lastDevice.decimal;
  const [major = '', minor = ''] = device.split(':');
  const isDevice = /^[0-9a-f]{1,8}:[0-9a-f]{1,8}$/i.test(device);
  const decimal = isDevice ? `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}` : device;
  lastDevice = { hexadecimal: device, decimal };
  return decimal;
}

/** Most files of a log lie on few devices. */
let lastDevice = { hexadecimal: '', decimal: '' };
