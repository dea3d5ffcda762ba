import { Cursor } from '../../wire/cursor.ts';

/** A call or a reply of ONC RPC (RFC 5531, 9). */
export type RpcMessage =
  | {
      readonly type: 'call';
      readonly id: number;
      readonly program: number;
      readonly version: number;
      readonly procedure: number;
      readonly machine?: string;
      readonly uid?: number;
      /** Stands at the arguments. */
      readonly body: Cursor;
    }
  | { readonly type: 'reply'; readonly id: number; readonly isAccepted: boolean; readonly body: Cursor };

const call = 0;
const reply = 1;
const rpcVersion = 2;
const maxVersion = 10;
const unixCredential = 1;
const maxCredentialBytes = 400;

/** Undefined for bytes that are no message. */
export function readRpc(bytes: Uint8Array): RpcMessage | undefined {
  const cursor = new Cursor(bytes);
  const id = cursor.u32();
  const type = cursor.u32();
  if (type === call) return readCall(cursor, id);
  if (type !== reply) return undefined;
  const state = cursor.u32();
  if (state > 1 || cursor.isCut) return undefined;
  if (state === 1) return { type: 'reply', id, isAccepted: false, body: cursor };
  cursor.skip(4);
  const length = cursor.u32();
  if (length > maxCredentialBytes) return undefined;
  cursor.skip(padded(length));
  const accepted = cursor.u32();
  return cursor.isCut || accepted > 5 ? undefined : { type: 'reply', id, isAccepted: accepted === 0, body: cursor };
}

function readCall(cursor: Cursor, id: number): RpcMessage | undefined {
  if (cursor.u32() !== rpcVersion) return undefined;
  const [program, version, procedure] = [cursor.u32(), cursor.u32(), cursor.u32()];
  const flavor = cursor.u32();
  const length = cursor.u32();
  if (version > maxVersion || length > maxCredentialBytes) return undefined;
  const credential = new Cursor(cursor.take(padded(length)));
  cursor.skip(4);
  const verifier = cursor.u32();
  if (verifier > maxCredentialBytes) return undefined;
  cursor.skip(padded(verifier));
  if (cursor.isCut) return undefined;
  return {
    type: 'call',
    id,
    program,
    version,
    procedure,
    ...(flavor === unixCredential ? userOf(credential) : {}),
    body: cursor,
  };
}

/** Machine and user that a client says it is (RFC 5531, appendix A). */
function userOf(credential: Cursor): { machine?: string; uid?: number } {
  credential.skip(4);
  const machine = textOf(credential);
  const uid = credential.u32();
  return credential.isCut ? {} : { machine, uid };
}

/** Bytes of a text that are told; paths of Linux are no longer. */
const maxTextBytes = 4096;

/** A string behind its length, padded to four bytes; of one that is longer than a path can be its beginning. */
export function textOf(cursor: Cursor): string {
  const length = cursor.u32();
  const text = Buffer.from(cursor.take(length).subarray(0, maxTextBytes)).toString('utf8');
  cursor.skip(padded(length) - length);
  return text;
}

/** Opaque bytes behind their length, padded to four; empty when they are longer than `maxBytes`, and the cursor is cut then. */
export function opaqueOf(cursor: Cursor, maxBytes: number): Uint8Array {
  const length = cursor.u32();
  if (length > maxBytes) {
    cursor.skip(Infinity);
    return cursor.take(0);
  }
  const bytes = cursor.take(length);
  cursor.skip(padded(length) - length);
  return bytes;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
