import { VakthundError } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { collect, sha256Of } from '../../content-store.ts';
import type { Descriptor, Manifest } from '../../image.ts';
import type { ImageSource } from '../../image-source.ts';
import { mediaTypeOf } from '../../manifest.ts';
import { imageFromStore, type PlatformChoice } from '../from-store.ts';
import { findNamedImage } from '../stores/containerd-names.ts';
import type { ContainerdService } from './containerd-service.ts';
import type { EngineOpening } from './engine-image.ts';

/** An image as containerd gives it out, by name or digest, whatever its namespace. */
export async function openContainerdImage(
  service: ContainerdService,
  wanted: string,
  opening: EngineOpening & PlatformChoice,
): Promise<ImageSource> {
  const { limits, signal } = opening;
  const problems: Problem[] = [];
  const { name, namespace, digest } = findNamedImage(await service.images(), wanted, service.socket, problems);
  const manifest = async (reference: string): Promise<Manifest> => {
    const bytes = await collect(service.blob(reference, namespace, signal), limits.metadataBytes, 'the manifest');
    if (sha256Of(bytes) !== reference) {
      throw new VakthundError('EVIDENCE_READ', `the manifest ${reference} is another one`);
    }
    return { mediaType: mediaTypeOf(bytes, ''), digest: reference, bytes };
  };
  const store = {
    manifest,
    blob: (descriptor: Descriptor) => service.blob(descriptor.digest, namespace, signal),
    referrers: () => Promise.resolve([]),
    tags: () => Promise.resolve([name]),
  };
  const start = await manifest(digest);
  return imageFromStore({ store, form: 'containerd', start, tags: [name], problems }, opening);
}
