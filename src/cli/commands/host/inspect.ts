import type { Command as Commander } from 'commander';
import type { Subcommand } from '../../command.ts';
import { addInspectionOptions } from '../../print-inspection.ts';
import type { InspectOptions } from './inspect-options.ts';

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

export const inspect: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('inspect')
      .summary('look for everything that is planted: what starts by itself, opens a way in, or hides')
      .option(
        '--root <folder>',
        'a mounted or unpacked root instead of this machine, with the processes that live in it',
      )
      .option('--image <image>', 'an image instead of this machine: archive, OCI layout or root filesystem')
      .option('--bundle <file>', 'a bundle of `host collect`, Velociraptor or UAC, or an archive of a root')
      .option('--platform <platform>', 'of an image for several, such as linux/arm64')
      .option('--only <technique>', 'run only this technique (repeatable)', collect);
    addInspectionOptions(command).action((_options: unknown, itself: Commander) =>
      run(async (terminal) =>
        (await import('./run-inspect.ts')).inspectHostOrImage(itself.optsWithGlobals<InspectOptions>(), terminal),
      ),
    );
  },
};
