import type { Command as Commander } from 'commander';
import type { OpenedImage } from '../../../inspect/image/image.ts';
import type { Terminal } from '../../terminal.ts';

/** Options of every command that opens an image. */
export interface ImageOptions {
  readonly platform?: string;
}

/** Adds the argument and the options that say which image is meant. */
export function addImageOptions(command: Commander): Commander {
  return command
    .argument('<image>', 'archive, OCI layout or root filesystem; FILE:TAG chooses one of several')
    .option('--platform <platform>', 'of an image for several, such as linux/arm64; this machine when left out');
}

/** Opens an image for the length of `work`. */
export async function withImage<T>(
  reference: string,
  { platform }: ImageOptions,
  terminal: Terminal,
  work: (image: OpenedImage) => T | Promise<T>,
): Promise<T> {
  const { openImage } = await import('../../../inspect/image/open-image.ts');
  const image = await openImage(reference, {
    ...(platform === undefined ? {} : { platform }),
    signal: terminal.signal,
  });
  try {
    return await work(image);
  } finally {
    image.close();
  }
}
