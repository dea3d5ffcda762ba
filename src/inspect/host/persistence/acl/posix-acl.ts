export interface AclWriter {
  readonly kind: 'user' | 'group';
  readonly id: number;
}

/** Tags and bits of `linux/posix_acl_xattr.h`. */
const version = 2;
const entryBytes = 8;
const userTag = 0x02;
const groupTag = 0x08;
const maskTag = 0x10;
const writeBit = 0x2;

/** Named users and groups, root left out, that a value of system.posix_acl_access lets write. None for what is no such value. */
export function writersOf(value: Buffer): AclWriter[] {
  if (value.length < 4 || value.readUInt32LE(0) !== version || (value.length - 4) % entryBytes !== 0) return [];
  const writers: AclWriter[] = [];
  let mask = 0x7;
  for (let at = 4; at < value.length; at += entryBytes) {
    const tag = value.readUInt16LE(at);
    const bits = value.readUInt16LE(at + 2);
    const id = value.readUInt32LE(at + 4);
    if (tag === maskTag) mask = bits;
    else if ((tag === userTag || tag === groupTag) && (bits & writeBit) !== 0 && id !== 0) {
      writers.push({ kind: tag === userTag ? 'user' : 'group', id });
    }
  }
  return (mask & writeBit) === 0 ? [] : writers;
}
