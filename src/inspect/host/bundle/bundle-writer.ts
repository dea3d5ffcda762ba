import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import tar from 'tar-stream';
import { VakthundError } from '../../../base/errors.ts';
import type { TreeEntry } from '../../tree/tree.ts';
import { keyId } from '../integrity/keys.ts';
import { bundleNames, type Manifest } from './manifest.ts';

/** Writes members into a tar one after the other, packed as the file's name says (`.gz`, `.tgz`; everything else zstd), and counts what it wrote. */
export class BundleWriter {
  readonly members: Manifest['members'] = [];
  readonly #pack = tar.pack();
  readonly #path: string;
  readonly #written: Promise<void>;
  #failure: unknown;
  #bytes = 0;

  /** The file must not be there yet: evidence is not written over. */
  constructor(path: string) {
    this.#path = path;
    const packed: Transform = /\.t?gz$/.test(path) ? createGzip({ level: 6 }) : createZstdCompress();
    this.#written = pipeline(this.#pack, packed, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    this.#written.catch((error: unknown) => {
      this.#failure = error;
      this.#pack.destroy();
    });
  }

  /** Bytes of all members. */
  get bytes(): number {
    return this.#bytes;
  }

  /** `of`: size of the file that `bytes` are the beginning of. */
  async add(
    name: string,
    bytes: Buffer,
    more: { readonly entry?: TreeEntry; readonly of?: number } = {},
  ): Promise<void> {
    const { entry, of } = more;
    const owner = entry === undefined ? { mode: 0o600 } : ownerOf(entry);
    await this.#entry({ name, size: bytes.length, ...owner }, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.members.push({ name, size: bytes.length, sha256, ...(of === undefined ? {} : { of }) });
    this.#bytes += bytes.length;
  }

  /** The manifest and its signature end the bundle. Gives the SHA-256 of the whole file. */
  async end(manifest: Manifest, key: KeyObject | undefined): Promise<string> {
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await this.#entry({ name: bundleNames.manifest, size: text.length, mode: 0o600 }, text);
    if (key !== undefined) {
      const signature = Buffer.from(`${JSON.stringify(signatureOf(text, key), null, 1)}\n`);
      await this.#entry({ name: bundleNames.signature, size: signature.length, mode: 0o600 }, signature);
    }
    this.#pack.finalize();
    try {
      await this.#written;
    } catch (error) {
      throw this.#refusal(error);
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(this.#path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  #entry(header: HeaderArgument, bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#refusal(this.#failure));
    return new Promise((resolve, reject) => {
      this.#pack.entry(header, bytes, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(this.#refusal(this.#failure ?? error));
      });
    });
  }

  #refusal(cause: unknown): VakthundError {
    return new VakthundError('OUTPUT', `"${this.#path}" cannot be written`, { cause });
  }
}

type HeaderArgument = Partial<tar.Header> & Pick<tar.Header, 'name'>;

/** Set-id bits are told in the list of files; whoever unpacks a bundle gets no set-id programs. */
function ownerOf({ mode, uid, gid, mtime }: TreeEntry): Partial<HeaderArgument> {
  return { mode: mode & 0o777, uid, gid, mtime: new Date(mtime / 1000) };
}

function signatureOf(bytes: Buffer, key: KeyObject): Record<string, string> {
  return {
    algorithm: 'ed25519',
    key: keyId(key),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
    signature: sign(null, bytes, key).toString('base64'),
  };
}
