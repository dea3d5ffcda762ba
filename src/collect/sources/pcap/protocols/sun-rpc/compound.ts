import type { Cursor } from '../../wire/cursor.ts';
import { hexText } from '../../wire/text.ts';
import { opaqueOf, textOf } from './message.ts';

/** An operation of a call of NFS 4 that is worth a record. */
export interface NumberedOperation {
  /** Its number in the call, from 0. */
  readonly place: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Operations of one call that are read; clients send a dozen. */
const maxOperations = 128;
const maxHandleBytes = 128;
const maxTagBytes = 1024;
const maxOpaqueBytes = 1 << 20;
const maxBitmapWords = 64;

/** Numbers of operations (RFC 7530, 16; RFC 8881, 18). */
const operation = {
  access: 3,
  close: 4,
  commit: 5,
  create: 6,
  delegreturn: 8,
  getattr: 9,
  getfh: 10,
  link: 11,
  lookup: 15,
  lookupp: 16,
  nverify: 17,
  open: 18,
  openConfirm: 20,
  openDowngrade: 21,
  putfh: 22,
  putpubfh: 23,
  putrootfh: 24,
  read: 25,
  readdir: 26,
  readlink: 27,
  remove: 28,
  rename: 29,
  renew: 30,
  restorefh: 31,
  savefh: 32,
  secinfo: 33,
  setattr: 34,
  verify: 37,
  write: 38,
  secinfoNoName: 52,
  sequence: 53,
} as const;

/** Bytes of the arguments of operations that tell no name and have a length that is known before. */
const plainBytes: ReadonlyMap<number, number> = new Map([
  [operation.access, 4],
  [operation.close, 20],
  [operation.commit, 12],
  [operation.delegreturn, 16],
  [operation.getfh, 0],
  [operation.lookupp, 0],
  [operation.openConfirm, 20],
  [operation.openDowngrade, 28],
  [operation.putpubfh, 0],
  [operation.putrootfh, 0],
  [operation.read, 28],
  [operation.readlink, 0],
  [operation.renew, 8],
  [operation.restorefh, 0],
  [operation.savefh, 0],
  [operation.secinfoNoName, 4],
  [operation.sequence, 32],
]);

/** Where a call stands: the handle that it began from, in hexadecimal digits, and the names that it has looked up from there. */
interface Place {
  readonly handle: string | undefined;
  readonly names: string;
}

interface Handles {
  current: Place;
  saved: Place;
}

const nowhere: Place = { handle: undefined, names: '' };

/**
 * The operations of a COMPOUND that name something: LOOKUP, OPEN, CREATE, LINK, REMOVE, RENAME. `folder` is the handle that the call began from, in
 * hexadecimal digits (`root` for the server's root), and `name` the way from there: names that the same call looks up stand before it. Reading
 * ends at an operation whose arguments are not known.
 */
export function operationsOf(body: Cursor): NumberedOperation[] {
  opaqueOf(body, maxTagBytes);
  body.skip(4);
  const count = Math.min(body.u32(), maxOperations);
  const told: NumberedOperation[] = [];
  const at: Handles = { current: nowhere, saved: nowhere };
  for (let place = 0; place < count; place++) {
    const number = body.u32();
    const facts = readNamed(number, body, at) ?? readPlain(number, body, at);
    if (body.isCut || facts === undefined) break;
    if (facts !== nothing) told.push({ place, facts });
  }
  return told;
}

const nothing: Readonly<Record<string, unknown>> = {};

function readNamed(number: number, body: Cursor, at: Handles): Readonly<Record<string, unknown>> | undefined {
  switch (number) {
    case operation.lookup:
      enter(at, textOf(body));
      return { procedure: 'LOOKUP', folder: at.current.handle, name: at.current.names };
    case operation.remove:
      return { procedure: 'REMOVE', folder: at.current.handle, name: below(at.current, textOf(body)) };
    case operation.rename:
      return {
        procedure: 'RENAME',
        folder: at.saved.handle,
        name: below(at.saved, textOf(body)),
        new_folder: at.current.handle,
        new_name: below(at.current, textOf(body)),
      };
    case operation.link:
      return {
        procedure: 'LINK',
        folder: at.saved.handle,
        name: at.saved.names || undefined,
        new_folder: at.current.handle,
        new_name: below(at.current, textOf(body)),
      };
    case operation.create: {
      const { name, ...facts } = readCreate(body);
      enter(at, name);
      return { procedure: 'CREATE', folder: at.current.handle, name: at.current.names, ...facts };
    }
    case operation.open: {
      const { name, ...facts } = readOpen(body);
      if (name !== undefined) enter(at, name);
      return { procedure: 'OPEN', folder: at.current.handle, name: at.current.names || undefined, ...facts };
    }
    default:
      return undefined;
  }
}

/** Longest way that is told, as Linux bounds paths: each operation of a call tells its own, and a name may be as long as the call. */
const maxWayLength = 4096;

function below({ names }: Place, name: string): string {
  return (names === '' ? name : `${names}/${name}`).slice(0, maxWayLength);
}

function enter(at: Handles, name: string): void {
  at.current = { handle: at.current.handle, names: below(at.current, name) };
}

/** Undefined for an operation that is not known, behind which nothing can be read. */
function readPlain(number: number, body: Cursor, at: Handles): Readonly<Record<string, unknown>> | undefined {
  const bytes = plainBytes.get(number);
  if (bytes !== undefined) {
    body.skip(bytes);
    moveHandles(number, at);
    return nothing;
  }
  switch (number) {
    case operation.putfh:
      at.current = { handle: hexText(opaqueOf(body, maxHandleBytes)), names: '' };
      return nothing;
    case operation.getattr:
      skipBitmap(body);
      return nothing;
    case operation.nverify:
    case operation.verify:
      skipAttributes(body);
      return nothing;
    case operation.setattr:
      body.skip(16);
      skipAttributes(body);
      return nothing;
    case operation.readdir:
      body.skip(24);
      skipBitmap(body);
      return nothing;
    case operation.secinfo:
      textOf(body);
      return nothing;
    case operation.write:
      body.skip(28);
      opaqueOf(body, maxOpaqueBytes);
      return nothing;
    default:
      return undefined;
  }
}

function moveHandles(number: number, at: Handles): void {
  if (number === operation.savefh) at.saved = at.current;
  else if (number === operation.restorefh) at.current = at.saved;
  else if (number === operation.putrootfh) at.current = { handle: 'root', names: '' };
  else if (number === operation.putpubfh) at.current = nowhere;
  else if (number === operation.lookupp) enter(at, '..');
}

/** Types of files (RFC 7530, 2.2). */
const fileTypes: Readonly<Record<number, string>> = {
  2: 'directory',
  3: 'block',
  4: 'character',
  5: 'symlink',
  6: 'socket',
  7: 'fifo',
};

function readCreate(body: Cursor): { readonly name: string; readonly type?: string; readonly target?: string } {
  const type = fileTypes[body.u32()];
  const target = type === 'symlink' ? textOf(body) : undefined;
  if (type === 'block' || type === 'character') body.skip(8);
  const name = textOf(body);
  skipAttributes(body);
  return { name, ...(type && { type }), ...(target !== undefined && { target }) };
}

const openCreates = 1;
/** How a file is made (RFC 8881, 18.16): with attributes, or only if it does not exist, by a number of the client's, or by both. */
const createMode = { unchecked: 0, guarded: 1, exclusive: 2, exclusiveWithAttributes: 3 } as const;
const access: readonly (string | undefined)[] = [undefined, 'read', 'write', 'both'];
const claimNull = 0;
const claimPrevious = 1;
const claimDelegateCur = 2;
const claimDelegatePrev = 3;
const claimFileHandle = 4;
const claimDelegateCurFileHandle = 5;
const claimDelegatePrevFileHandle = 6;

interface Opening {
  readonly name: string | undefined;
  readonly access: string | undefined;
  readonly create: boolean;
}

function readOpen(body: Cursor): Opening {
  body.skip(4);
  const asked = body.u32();
  body.skip(12);
  opaqueOf(body, maxTagBytes);
  const isCreated = body.u32() === openCreates;
  if (isCreated) skipCreateHow(body);
  return { name: readClaim(body), access: access[asked & 3], create: isCreated };
}

function skipCreateHow(body: Cursor): void {
  const mode = body.u32();
  if (mode === createMode.exclusive || mode === createMode.exclusiveWithAttributes) body.skip(8);
  if (mode !== createMode.exclusive) skipAttributes(body);
}

/** The name of the file that is opened; undefined where the call stands at the file itself. */
function readClaim(body: Cursor): string | undefined {
  switch (body.u32()) {
    case claimNull:
    case claimDelegatePrev:
      return textOf(body);
    case claimDelegateCur:
      body.skip(16);
      return textOf(body);
    case claimPrevious:
      body.skip(4);
      return undefined;
    case claimDelegateCurFileHandle:
      body.skip(16);
      return undefined;
    case claimFileHandle:
    case claimDelegatePrevFileHandle:
      return undefined;
    default:
      body.skip(Infinity);
      return undefined;
  }
}

function skipBitmap(body: Cursor): void {
  const words = body.u32();
  body.skip(words > maxBitmapWords ? Infinity : 4 * words);
}

function skipAttributes(body: Cursor): void {
  skipBitmap(body);
  opaqueOf(body, maxOpaqueBytes);
}
