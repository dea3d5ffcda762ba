import type { Cursor } from '../../wire/cursor.ts';
import { hexText } from '../../wire/text.ts';
import { opaqueOf, textOf } from './message.ts';

const maxHandleBytes = 64;
const handleBytesOfVersion2 = 32;

/** Procedures whose first argument is a folder and a name in it. */
const namedProcedures: ReadonlySet<string> = new Set([
  'LOOKUP',
  'CREATE',
  'MKDIR',
  'SYMLINK',
  'MKNOD',
  'REMOVE',
  'RMDIR',
  'RENAME',
]);

/**
 * What a call of NFS 2 or 3 is about (RFC 1094, RFC 1813): `folder` is the handle of the folder, or of the file where no name is given, in
 * hexadecimal digits. A rename and a link have `new_folder` and `new_name`, a symbolic link its `target`. What is cut is left out.
 */
export function nfsArguments(version: number, procedure: string, body: Cursor): Readonly<Record<string, unknown>> {
  const folder = handleOf(version, body);
  if (body.isCut) return {};
  if (procedure === 'LINK') return { folder, ...newName(version, body) };
  if (!namedProcedures.has(procedure)) return { folder };
  const name = textOf(body);
  if (body.isCut) return { folder };
  const about = { folder, name };
  if (procedure === 'RENAME') return { ...about, ...newName(version, body) };
  return procedure === 'SYMLINK' ? { ...about, target: targetOf(version, body) } : about;
}

function handleOf(version: number, body: Cursor): string {
  return hexText(version === 2 ? body.take(handleBytesOfVersion2) : opaqueOf(body, maxHandleBytes));
}

function newName(version: number, body: Cursor): Readonly<Record<string, unknown>> {
  const folder = handleOf(version, body);
  const name = textOf(body);
  return body.isCut ? {} : { new_folder: folder, new_name: name };
}

/** Where a symbolic link leads; in version 3 it stands behind the attributes of the link. */
function targetOf(version: number, body: Cursor): string | undefined {
  if (version === 3) skipAttributes(body);
  const target = textOf(body);
  return body.isCut ? undefined : target;
}

const serverTime = 1;
const clientTime = 2;

/** A `sattr3` (RFC 1813, 2.5.3): mode, user, group, size and two times, each only where it is set. */
function skipAttributes(body: Cursor): void {
  for (const bytes of [4, 4, 4, 8]) {
    if (body.u32() !== 0) body.skip(bytes);
  }
  for (let times = 0; times < 2; times++) {
    const how = body.u32();
    if (how > serverTime && how === clientTime) body.skip(8);
  }
}
