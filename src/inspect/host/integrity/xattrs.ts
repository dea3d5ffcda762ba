import { createHash } from 'node:crypto';

/** Reads extended attributes: file capabilities, access lists, labels. Node cannot; libc is asked. */
export interface XattrReader {
  /** SHA-256 over names and values in the order of names, base64url; empty when there are none. `path` is bytes (latin1). */
  digestOf(path: string): string;
}

const listBytes = 1 << 16;
const valueBytes = 1 << 16;
/** Written by the kernel's measuring and by udev, or different for each reader: not part of what a file is. */
const ignored = /^(?:security\.(?:ima|evm)|system\.(?:nfs4_acl|cifs_acl)|user\.overlay\.|trusted\.overlay\.)/;

/** Undefined where libc cannot be called. */
export async function openXattrReader(): Promise<XattrReader | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load(null);
    const list = libc.func('long llistxattr(const uint8_t *path, _Out_ uint8_t *list, size_t size)');
    const get = libc.func(
      'long lgetxattr(const uint8_t *path, const uint8_t *name, _Out_ uint8_t *value, size_t size)',
    );
    return new LibcReader(
      (path, into) => Number(list(path, into, into.length)),
      (path, name, into) => Number(get(path, name, into, into.length)),
    );
  } catch {
    return undefined;
  }
}

class LibcReader implements XattrReader {
  readonly #list: (path: Buffer, into: Buffer) => number;
  readonly #get: (path: Buffer, name: Buffer, into: Buffer) => number;
  readonly #names = Buffer.alloc(listBytes);
  readonly #value = Buffer.alloc(valueBytes);

  constructor(list: (path: Buffer, into: Buffer) => number, get: (path: Buffer, name: Buffer, into: Buffer) => number) {
    this.#list = list;
    this.#get = get;
  }

  digestOf(path: string): string {
    const real = Buffer.from(`${path}\0`, 'latin1');
    const length = this.#list(real, this.#names);
    if (length <= 0) return '';
    const names = this.#names.toString('latin1', 0, length).split('\0');
    const hash = createHash('sha256');
    let count = 0;
    for (const name of names.filter((one) => one !== '' && !ignored.test(one)).sort()) {
      const size = this.#get(real, Buffer.from(`${name}\0`, 'latin1'), this.#value);
      hash.update(`${name.length}:${name}${size}:`).update(this.#value.subarray(0, Math.max(0, size)));
      count++;
    }
    return count === 0 ? '' : hash.digest('base64url');
  }
}
