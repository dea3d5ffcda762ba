import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attachment, SignedSubject } from '../../../../src/inspect/image/signature-scheme.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Manifest {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
}

export function readLayout(folder: string): { subject: SignedSubject; attachments: Attachment[] } {
  const blob = (digest: string): Buffer => readFileSync(join(folder, 'blobs', ...digest.split(':')));
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Manifest;
  const [first] = index.manifests ?? [];
  if (first === undefined) throw new Error(`${folder} holds no image`);
  const attachments: Attachment[] = [];
  for (const { digest } of index.manifests ?? []) {
    const manifest = JSON.parse(blob(digest).toString()) as Manifest;
    if (manifest.subject?.digest !== first.digest) continue;
    for (const layer of manifest.layers ?? []) {
      attachments.push({
        at: layer.digest,
        mediaType: layer.mediaType,
        artifactType: manifest.config?.mediaType ?? '',
        annotations: layer.annotations ?? {},
        bytes: blob(layer.digest),
      });
    }
  }
  return { subject: { digest: first.digest, mediaType: first.mediaType, bytes: blob(first.digest) }, attachments };
}
