import type { OwnedFile } from '../../package.ts';
import { childOf, normalPath } from '../../../tree/tree.ts';

export interface ApkRecord {
  /** Line on which it begins. */
  readonly line: number;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly origin: string;
  readonly license: string;
  readonly files: readonly OwnedFile[];
}

type Draft = { -readonly [Key in keyof ApkRecord]: ApkRecord[Key] } & { files: OwnedFile[] };
type FileDraft = { -readonly [Key in keyof OwnedFile]: OwnedFile[Key] };

/**
 * Records of an installed database: lines `X:value`, an empty line after each record. Names and versions may be empty. A record has its
 * first `maxFiles` files.
 */
export function* readRecords(lines: Iterable<string>, maxFiles: () => number): Generator<ApkRecord> {
  let record: Draft | undefined;
  let folder = '/';
  let file: FileDraft | undefined;
  let line = 0;
  for (const text of lines) {
    line++;
    if (text === '') {
      if (record !== undefined) yield record;
      record = undefined;
      file = undefined;
    } else if (text[1] === ':') {
      record ??= { line, name: '', version: '', architecture: '', origin: '', license: '', files: [] };
      const value = text.slice(2);
      const key = text[0];
      if (key === 'F') {
        folder = normalPath(value);
        file = undefined;
      } else if (key === 'R') {
        if (record.files.length > maxFiles()) continue;
        file = {
          path: value.includes('/') || value === '..' ? normalPath(`${folder}/${value}`) : childOf(folder, value),
        };
        if (folder === '/etc' || folder.startsWith('/etc/')) file.isConfig = true;
        record.files.push(file);
      } else if (file !== undefined && key === 'a') setOwner(file, value);
      else if (file !== undefined && key === 'Z') setDigest(file, value);
      else setField(record, key, value);
    }
  }
  if (record !== undefined) yield record;
}

function setField(record: Draft, key: string | undefined, value: string): void {
  if (key === 'P') record.name = value;
  else if (key === 'V') record.version = value;
  else if (key === 'A') record.architecture = value;
  else if (key === 'o') record.origin = value;
  else if (key === 'L') record.license = value.trim();
}

/** `uid:gid:mode[:extended attributes]`. */
function setOwner(file: FileDraft, value: string): void {
  const groups = /^(?<uid>\d{1,10}):(?<gid>\d{1,10}):(?<mode>[0-7]{1,5})/.exec(value)?.groups;
  if (groups === undefined) return;
  file.uid = Number(groups['uid']);
  file.gid = Number(groups['gid']);
  file.mode = Number.parseInt(groups['mode'] ?? '', 8);
}

/** `Q1` and base64 is SHA-1, `Q2` SHA-256; the oldest databases have MD5 in hexadecimal. */
function setDigest(file: FileDraft, value: string): void {
  const kind = value.slice(0, 2);
  if (kind === 'Q1' || kind === 'Q2') {
    const bytes = Buffer.from(value.slice(2), 'base64');
    if (bytes.length !== (kind === 'Q1' ? 20 : 32)) return;
    file.digest = { algorithm: kind === 'Q1' ? 'sha1' : 'sha256', hex: bytes.toString('hex') };
  } else if (/^[0-9a-f]{32}$/i.test(value)) file.digest = { algorithm: 'md5', hex: value.toLowerCase() };
}
