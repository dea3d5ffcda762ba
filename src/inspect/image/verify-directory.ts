import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, asText, fromBase64, readJsonObject } from './signatures/_checks/json.ts';
import { maxEnvelopeBytes, type Attachment, type SignedSubject } from './signature-scheme.ts';

export interface SignedImage {
  readonly subject: SignedSubject;
  readonly attachments: readonly Attachment[];
}

/** Signatures of one image that are read. */
const maxSignatures = 64;
const sigstorePrefix = Buffer.from('\0sigstore-json\n');

/**
 * An image in containers/image's `dir:` layout (`skopeo copy … dir:FOLDER`): `manifest.json` and `signature-1` and so on. Undefined
 * when the folder is none. Signatures of other kinds (GPG) are given as attachments of an unknown type.
 */
export function readDirectoryImage(folder: string): SignedImage | undefined {
  const bytes = readBounded(join(folder, 'manifest.json'));
  const manifest = bytes === undefined ? undefined : readJsonObject(bytes);
  if (bytes === undefined || manifest === undefined) return undefined;
  const mediaType = asText(manifest['mediaType']);
  const subject = {
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    bytes,
    ...(mediaType === undefined ? {} : { mediaType }),
  };
  const attachments: Attachment[] = [];
  for (let number = 1; number <= maxSignatures; number++) {
    const signature = readBounded(join(folder, `signature-${number}`));
    if (signature === undefined) break;
    attachments.push(attachmentOf(`signature-${number}`, signature));
  }
  return { subject, attachments };
}

function attachmentOf(at: string, content: Buffer): Attachment {
  const prefix = content.subarray(0, sigstorePrefix.length);
  const json = prefix.equals(sigstorePrefix) ? readJsonObject(content.subarray(sigstorePrefix.length)) : undefined;
  const payload = fromBase64(asText(json?.['payload']) ?? '');
  const annotations = Object.entries(asObject(json?.['annotations']) ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    at,
    mediaType: asText(json?.['mimeType']) ?? '',
    annotations: Object.fromEntries(annotations),
    bytes: payload ?? content,
  };
}

function readBounded(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const { size } = statSync(path);
  return size <= maxEnvelopeBytes ? readFileSync(path) : undefined;
}
