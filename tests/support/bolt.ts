/** Buckets of a database by name: values, and buckets inside. */
export interface BoltTree {
  readonly [key: string]: string | Buffer | BoltTree;
}

const pageBytes = 4096;
const headerBytes = 16;
const elementBytes = 16;

/** A database of bbolt with everything in one page and the buckets that stand in it. */
export function boltOf(tree: BoltTree): Buffer {
  const leaf = leafOf(tree);
  const pages = Math.ceil(leaf.length / pageBytes);
  leaf.writeBigUInt64LE(3n, 0);
  leaf.writeUInt32LE(pages - 1, 12);
  const freelist = Buffer.alloc(pageBytes);
  freelist.writeUInt16LE(0x10, 8);
  const rest = Buffer.alloc(pages * pageBytes - leaf.length);
  return Buffer.concat([metaOf(0, 1n), metaOf(1, 2n), freelist, leaf, rest]);
}

function metaOf(page: number, transaction: bigint): Buffer {
  const meta = Buffer.alloc(pageBytes);
  meta.writeBigUInt64LE(BigInt(page), 0);
  meta.writeUInt16LE(0x04, 8);
  meta.writeUInt32LE(0xed0cdaed, headerBytes);
  meta.writeUInt32LE(2, headerBytes + 4);
  meta.writeUInt32LE(pageBytes, headerBytes + 8);
  meta.writeBigUInt64LE(3n, headerBytes + 16);
  meta.writeBigUInt64LE(2n, headerBytes + 32);
  meta.writeBigUInt64LE(transaction, headerBytes + 48);
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of meta.subarray(headerBytes, headerBytes + 56)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  }
  meta.writeBigUInt64LE(hash, headerBytes + 56);
  return meta;
}

/** A page of keys in order; a bucket's value is sixteen zero bytes and its own page. */
function leafOf(tree: BoltTree): Buffer {
  const pairs = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  const head = Buffer.alloc(headerBytes + pairs.length * elementBytes);
  head.writeUInt16LE(0x02, 8);
  head.writeUInt16LE(pairs.length, 10);
  const data: Buffer[] = [];
  let at = head.length;
  for (const [index, [name, value]] of pairs.entries()) {
    const isBucket = typeof value !== 'string' && !Buffer.isBuffer(value);
    const key = Buffer.from(name);
    const bytes = isBucket ? Buffer.concat([Buffer.alloc(headerBytes), leafOf(value)]) : Buffer.from(value);
    const element = headerBytes + index * elementBytes;
    head.writeUInt32LE(isBucket ? 1 : 0, element);
    head.writeUInt32LE(at - element, element + 4);
    head.writeUInt32LE(key.length, element + 8);
    head.writeUInt32LE(bytes.length, element + 12);
    data.push(key, bytes);
    at += key.length + bytes.length;
  }
  return Buffer.concat([head, ...data]);
}
