import type { Subcommand } from '../../command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';

export const show: Subcommand = {
  define(parent, run) {
    addImageOptions(parent.command('show').summary('print configuration, layers and digests')).action(
      (reference: string, options: ImageOptions) =>
        run(async (terminal) => (await import('./print-image.ts')).printImage(reference, options, terminal)),
    );
  },
};
