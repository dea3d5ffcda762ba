import { statSync } from 'node:fs';
import type { Descriptor } from './image.ts';
import { defaultImageLimits } from './limits.ts';
import { isImage, type OpenImageOptions } from './open-store.ts';
import { listDockerArchive } from './readers/docker-archive.ts';
import { isOciLayout, layoutInArchive, LayoutFolder, OciLayout } from './readers/oci-layout.ts';
import { openTarArchive } from './readers/tar-archive.ts';

/**
 * What `openImage` takes for each image at a path: those of an archive or a layout one by one, and for a root filesystem in a tar
 * the path itself. Undefined for a folder that is no layout. Throws when the path cannot be read.
 */
export async function listImages(path: string, options: OpenImageOptions = {}): Promise<string[] | undefined> {
  const limits = { ...defaultImageLimits, ...options.limits };
  if (statSync(path).isDirectory()) {
    const folder = new LayoutFolder(path);
    try {
      return isOciLayout(folder) ? inLayout(new OciLayout(folder, limits), path) : undefined;
    } finally {
      folder.close();
    }
  }
  const archive = await openTarArchive(path, limits, options.spoolFolder);
  try {
    const layout = layoutInArchive(path, archive);
    if (isOciLayout(layout)) return inLayout(new OciLayout(layout, limits), path);
    return listDockerArchive(archive, limits)?.map((_, index) => `${path}:@${index}`) ?? [path];
  } finally {
    archive.file.close();
  }
}

/** One for each digest; where the index is one of platforms, the layout is one image. */
function inLayout(layout: OciLayout, path: string): string[] {
  const images: readonly Descriptor[] = layout.entries.filter((entry) => isImage(layout, entry));
  const isByPlatform = images.length > 1 && images.every(({ platform }) => platform !== undefined);
  return isByPlatform ? [path] : [...new Set(images.map(({ digest }) => `${path}:${digest}`))];
}
