import { Crc64 } from '../../src/inspect/image/readers/stores/crc64.ts';

/** A member of a tar that is made up. A string or a buffer by itself is a file of that content. */
export type TarFile =
  | string
  | Buffer
  | {
      readonly content?: string | Buffer;
      /** `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe; others as they are. */
      readonly type?: string;
      readonly target?: string;
      readonly mode?: number;
      readonly uid?: number;
      readonly gid?: number;
      /** Seconds since 1970. */
      readonly mtime?: number;
      /** Records of an extended header before the member. */
      readonly pax?: Readonly<Record<string, string>>;
      /** A size that the header says, whatever the content has. */
      readonly size?: number;
    };

/** Names to members, or pairs of them where a name stands twice. */
export type TarFiles = Readonly<Record<string, TarFile>> | readonly (readonly [string, TarFile])[];

const block = 512;
/** 2026-03-10T00:00:00Z. */
const defaultTime = 1_773_100_800;

/** An uncompressed tar (POSIX ustar, with PAX headers where names or targets are long). A name that ends in `/` is a folder. */
export function tarOf(files: TarFiles): Buffer {
  const pairs = Array.isArray(files) ? (files as readonly (readonly [string, TarFile])[]) : Object.entries(files);
  return Buffer.concat([...pairs.flatMap(([name, file]) => memberOf(name, file)), Buffer.alloc(2 * block)]);
}

/**
 * The list that engines keep of a layer's tar (tar-split): each file by name, size and place, and all bytes between them. Lines
 * of JSON.
 */
export function tarSplitOf(files: Readonly<Record<string, TarFile>>): string {
  const entries: object[] = [];
  const segment = (bytes: Buffer): void => void entries.push({ type: 2, payload: bytes.toString('base64') });
  for (const [name, file] of Object.entries(files)) {
    const parts = memberOf(name, file);
    const size = contentOf(file).length;
    const content = size > 0 ? parts.pop() : undefined;
    segment(Buffer.concat(parts));
    entries.push({ type: 1, name, size, payload: size > 0 ? checksumOf(contentOf(file)) : null });
    if (content !== undefined) segment(content.subarray(size));
  }
  segment(Buffer.alloc(2 * block));
  return entries.map((entry, position) => `${JSON.stringify({ ...entry, position })}\n`).join('');
}

function checksumOf(content: Buffer): string {
  const crc = new Crc64();
  crc.update(content);
  return crc.digest().toString('base64');
}

/** What a file holds. */
export function contentOf(file: TarFile): Buffer {
  return Buffer.from(typeof file === 'string' || Buffer.isBuffer(file) ? file : (file.content ?? ''));
}

/** Members as they stand in a tar, without its end mark. */
export function memberOf(name: string, file: TarFile): Buffer[] {
  const spec = typeof file === 'string' || Buffer.isBuffer(file) ? { content: file } : file;
  const content = contentOf(file);
  const pax = { ...spec.pax };
  if (Buffer.byteLength(name) > 100) pax['path'] = name;
  if (Buffer.byteLength(spec.target ?? '') > 100) pax['linkpath'] = spec.target ?? '';
  const parts: Buffer[] = [];
  if (Object.keys(pax).length > 0) {
    const records = Buffer.from(Object.entries(pax).map(paxRecord).join(''));
    parts.push(header('PaxHeaders/member', { type: 'x', size: records.length }), padded(records));
  }
  const type = spec.type ?? (name.endsWith('/') ? '5' : '0');
  parts.push(header(name, { ...spec, type, size: spec.size ?? content.length }));
  if (content.length > 0) parts.push(padded(content));
  return parts;
}

interface HeaderSpec {
  readonly type: string;
  readonly size: number;
  readonly target?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
}

function header(name: string, spec: HeaderSpec): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number): void => {
    bytes.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  bytes.write(name, 0, 100);
  octal(spec.mode ?? (spec.type === '5' ? 0o755 : 0o644), 100, 8);
  octal(spec.uid ?? 0, 108, 8);
  octal(spec.gid ?? 0, 116, 8);
  octal(spec.size, 124, 12);
  octal(spec.mtime ?? defaultTime, 136, 12);
  bytes.write(spec.type, 156, 'latin1');
  bytes.write(spec.target ?? '', 157, 100);
  bytes.write('ustar\u000000', 257, 'latin1');
  bytes.fill(' ', 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function paxRecord([key, value]: readonly [string, string]): string {
  const body = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(body);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${body}`;
}

function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((block - (content.length % block)) % block)]);
}
