import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { keyId, openVerifyKey } from './keys.ts';

const linkSchema = z.strictObject({
  version: z.literal(1),
  /** From 1. */
  sequence: z.number().int().positive(),
  /** SHA-256 of the file of the link before, hexadecimal; empty for the first. */
  previous: z.string(),
  /** ISO 8601. */
  created: z.string(),
  /** The root that was looked at. */
  subject: z.string(),
  policy: z.string(),
  database: z.strictObject({ sha256: z.string(), files: z.number() }),
  texts: z.strictObject({ sha256: z.string() }),
  /** Versions of the distribution packages that were there. */
  packages: z.record(z.string(), z.string()),
  /** Differences from the link before that were accepted with it. */
  changes: z.record(z.string(), z.number()),
  key: z.string(),
});
export type Link = z.infer<typeof linkSchema>;

export interface History {
  readonly links: readonly Link[];
  readonly last: Link;
  /** SHA-256 of the last link's file: whoever notes it down can tell a history that was cut. */
  readonly head: string;
  readonly database: Buffer;
  readonly texts: Buffer;
}

export const signingKeyName = 'signing-key.pem';
export const verifyKeyName = 'verify-key.pem';
const maxLinkBytes = 16 << 20;

/** Writes the next link, its database and its texts, and signs it. Nothing that is there is ever written over. */
export function appendLink(
  folder: string,
  link: Omit<Link, 'version' | 'sequence' | 'previous' | 'database' | 'texts' | 'key'>,
  contents: { readonly database: Buffer; readonly files: number; readonly texts: Buffer },
  key: KeyObject,
): Link {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = linkNames(folder);
  const last = names.at(-1);
  const payload: Link = {
    version: 1,
    sequence: names.length + 1,
    previous: last === undefined ? '' : sha256(readFileSync(join(folder, last))),
    ...link,
    database: { sha256: sha256(contents.database), files: contents.files },
    texts: { sha256: sha256(contents.texts) },
    key: keyId(key),
  };
  const text = JSON.stringify(payload);
  const signature = sign(null, Buffer.from(text), key).toString('base64');
  const stem = join(folder, String(payload.sequence).padStart(6, '0'));
  const options = { mode: 0o600, flag: 'wx' } as const;
  try {
    if (!existsSync(join(folder, verifyKeyName))) {
      writeFileSync(join(folder, verifyKeyName), createPublicKey(key).export({ type: 'spki', format: 'pem' }), {
        mode: 0o644,
      });
    }
    // The link comes last: without it the other two files are nothing.
    writeFileSync(`${stem}.states.zst`, contents.database, { mode: 0o600 });
    writeFileSync(`${stem}.texts.zst`, contents.texts, { mode: 0o600 });
    writeFileSync(`${stem}.link`, `${text}\n${signature}\n`, options);
  } catch (error) {
    throw new VakthundError('OUTPUT', `the baseline in "${folder}" cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return payload;
}

export function hasHistory(folder: string): boolean {
  return linkNames(folder).length > 0;
}

/**
 * Reads a history and holds each link against the key, its number, the link before it, and the last one's files against their
 * digests. Whatever does not fit is an error BASELINE: nothing is compared with a baseline that cannot be trusted.
 */
export function readHistory(folder: string, options: { readonly key?: string; readonly head?: string } = {}): History {
  const names = linkNames(folder);
  if (names.length === 0) {
    throw new VakthundError('NOT_FOUND', `there is no baseline in "${folder}"`, {
      hint: 'vakthund host baseline create',
    });
  }
  const key = openVerifyKey(options.key ?? join(folder, verifyKeyName));
  const links: Link[] = [];
  const heads: string[] = [];
  for (const [index, name] of names.entries()) {
    const bytes = readFileSync(join(folder, name));
    if (bytes.length > maxLinkBytes) refuse(name, 'is too long');
    const [text = '', signature = ''] = bytes.toString('utf8').split('\n');
    if (!verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))) {
      refuse(name, 'was changed after it was signed, or signed with another key');
    }
    const link = linkSchema.parse(JSON.parse(text));
    if (link.sequence !== index + 1 || name !== `${String(index + 1).padStart(6, '0')}.link`) {
      refuse(name, 'has a wrong number');
    }
    if (link.previous !== (heads.at(-1) ?? '')) refuse(name, 'does not follow the one before');
    links.push(link);
    heads.push(sha256(bytes));
  }
  const last = links.at(-1);
  if (last === undefined) throw new VakthundError('BASELINE', 'the history is empty');
  if (options.head !== undefined && !heads.includes(options.head)) {
    refuse(names.at(-1) ?? '', `has no link ${options.head} before it`);
  }
  const stem = join(folder, String(last.sequence).padStart(6, '0'));
  const database = readPart(`${stem}.states.zst`, last.database.sha256);
  const texts = readPart(`${stem}.texts.zst`, last.texts.sha256);
  return { links, last, head: heads.at(-1) ?? '', database, texts };
}

function readPart(path: string, digest: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new VakthundError('BASELINE', `a part of the baseline is missing: "${path}"`, { cause: error });
  }
  if (sha256(bytes) !== digest) refuse(path, 'was changed after it was signed');
  return bytes;
}

function refuse(name: string, why: string): never {
  throw new VakthundError('BASELINE', `the baseline is refused: "${name}" ${why}`);
}

function linkNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.link'))
    .sort();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
