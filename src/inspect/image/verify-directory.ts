import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, fromBase64, readJsonObject } from './signatures/_checks/json.ts';
import type { Problem } from '../../base/problem.ts';
import { textOf } from './json.ts';
import { maxEnvelopeBytes, type Attachment, type SignedSubject } from './signature-scheme.ts';

export interface DirectoryImage {
  readonly subject: SignedSubject;
  readonly attachments: readonly Attachment[];
  readonly problems: readonly Problem[];
}

/** Signatures of one image that are read. */
const maxSignatures = 64;
const sigstorePrefix = Buffer.from('\0sigstore-json\n');

/**
 * An image in containers/image's `dir:` layout (`skopeo copy … dir:FOLDER`): `manifest.json` and `signature-1` and so on. Undefined
 * when the folder is none. Signatures of other kinds (GPG) are given as attachments of an unknown type.
 */
export function readDirectoryImage(folder: string): DirectoryImage | undefined {
  const bytes = readBounded(join(folder, 'manifest.json'));
  const manifest = Buffer.isBuffer(bytes) ? readJsonObject(bytes) : undefined;
  if (!Buffer.isBuffer(bytes) || manifest === undefined) return undefined;
  const mediaType = textOf(manifest['mediaType']);
  const subject = {
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    bytes,
    ...(mediaType === undefined ? {} : { mediaType }),
  };
  const attachments: Attachment[] = [];
  const problems: Problem[] = [];
  for (let number = 1; number <= maxSignatures; number++) {
    const name = `signature-${number}`;
    const signature = readBounded(join(folder, name));
    if (signature === 'missing') break;
    if (Buffer.isBuffer(signature)) attachments.push(attachmentOf(name, signature));
    else {
      problems.push({ code: 'limit-reached', at: { path: join(folder, name) }, message: 'the signature is too large' });
    }
  }
  return { subject, attachments, problems };
}

function attachmentOf(at: string, content: Buffer): Attachment {
  const prefix = content.subarray(0, sigstorePrefix.length);
  const json = prefix.equals(sigstorePrefix) ? readJsonObject(content.subarray(sigstorePrefix.length)) : undefined;
  const payload = fromBase64(textOf(json?.['payload']) ?? '');
  const annotations = Object.entries(asObject(json?.['annotations']) ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    at,
    mediaType: textOf(json?.['mimeType']) ?? '',
    annotations: Object.fromEntries(annotations),
    bytes: payload ?? content,
  };
}

function readBounded(path: string): Buffer | 'missing' | 'too-large' {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return 'missing';
  return stat.size <= maxEnvelopeBytes ? readFileSync(path) : 'too-large';
}
