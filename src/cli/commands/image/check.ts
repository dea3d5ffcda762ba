import type { Subcommand } from '../../command.ts';
import { addInspectionOptions } from '../../print-inspection.ts';
import type { CheckOptions } from './print-check.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const check: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('check')
      .summary('judge images, Dockerfiles, Compose, Kubernetes, Helm, running containers, engine and firewall')
      .argument('<path...>', 'files, folders of them, images')
      .option('--yara <file>', 'rules of YARA to be asked about every file (repeatable)', collect, [])
      .option('--helm-values <file>', 'values for charts of Helm, over their own (repeatable)', collect, []);
    addInspectionOptions(command).action((paths: string[]) =>
      run(async (terminal) => {
        // The case that findings are kept in is named beside the command.
        const options = command.optsWithGlobals<CheckOptions>();
        return (await import('./print-check.ts')).printCheck(paths, options, terminal);
      }),
    );
  },
};
