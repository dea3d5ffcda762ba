import type { Subcommand } from '../../command.ts';
import { addImageOptions } from './image-options.ts';
import type { FilesOptions } from './print-files.ts';

export const files: Subcommand = {
  define(parent, run) {
    addImageOptions(parent.command('files').summary('list files with the layer that each comes from'))
      .argument('[path]', 'folder or file inside the image', '/')
      .option('--layer <number>', 'what one layer holds, 0 is the lowest')
      .option('--hidden', 'what later layers removed or overwrote')
      .action((reference: string, path: string, options: FilesOptions) =>
        run(async (terminal) => (await import('./print-files.ts')).printFiles(reference, path, options, terminal)),
      );
  },
};
