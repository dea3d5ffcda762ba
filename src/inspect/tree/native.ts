import { createRequire } from 'node:module';
import { platform } from 'node:os';

/** What Node cannot ask the kernel for, asked through the C library. */
export interface NativeCalls {
  /** Extended attributes of the entry itself by name (xattr(7)); empty when there are none or they cannot be had. */
  xattrs(path: string): ReadonlyMap<string, Buffer>;
  /** Flags of chattr(1) as statx(2) tells them; undefined when the file system does not. */
  flags(path: string): { readonly isImmutable: boolean; readonly isAppendOnly: boolean } | undefined;
}

const maxListBytes = 2 ** 16;
const maxValueBytes = 2 ** 16;
const statxBytes = 256;
const atCurrentFolder = -100;
/** AT_SYMLINK_NOFOLLOW and AT_NO_AUTOMOUNT of `fcntl.h`. */
const statxFlags = 0x100 | 0x800;
/** STATX_TYPE: attributes come with any question. */
const statxMask = 0x1;
const immutableBit = 0x10;
const appendBit = 0x20;

let calls: NativeCalls | undefined;
let isTried = false;

/** The calls, or undefined where there is no Linux C library that has them. Loaded when first asked for. */
export function nativeCalls(): NativeCalls | undefined {
  if (!isTried) calls = load();
  isTried = true;
  return calls;
}

type NativeFunction = (...values: (string | number | Buffer)[]) => number | bigint;

function load(): NativeCalls | undefined {
  if (platform() !== 'linux') return undefined;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as {
      load(name: null): { func(prototype: string): NativeFunction };
    };
    const library = koffi.load(null);
    const list = library.func('intptr_t llistxattr(const char *path, _Out_ uint8_t *list, size_t size)');
    const get = library.func(
      'intptr_t lgetxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)',
    );
    const statx = library.func(
      'int statx(int folder, const char *path, int flags, unsigned int mask, _Out_ uint8_t *into)',
    );
    return { xattrs: xattrReader(list, get), flags: flagReader(statx) };
  } catch {
    return undefined;
  }
}

function xattrReader(list: NativeFunction, get: NativeFunction): NativeCalls['xattrs'] {
  const names = Buffer.alloc(maxListBytes);
  const value = Buffer.alloc(maxValueBytes);
  return (path) => {
    const found = new Map<string, Buffer>();
    const length = Number(list(path, names, names.length));
    if (length <= 0) return found;
    for (const name of names.toString('utf8', 0, length).split('\0')) {
      const size = name === '' ? -1 : Number(get(path, name, value, value.length));
      if (size >= 0) found.set(name, Buffer.from(value.subarray(0, size)));
    }
    return found;
  };
}

/** `struct statx` begins with mask and block size of four bytes each, then come the attributes; which of them the file system knows stands at 0x38. */
function flagReader(statx: NativeFunction): NativeCalls['flags'] {
  const into = Buffer.alloc(statxBytes);
  return (path) => {
    if (Number(statx(atCurrentFolder, path, statxFlags, statxMask, into)) !== 0) return undefined;
    const attributes = into.readUInt32LE(8);
    const known = into.readUInt32LE(0x38);
    if ((known & immutableBit) === 0) return undefined;
    return { isImmutable: (attributes & immutableBit) !== 0, isAppendOnly: (attributes & appendBit) !== 0 };
  };
}
