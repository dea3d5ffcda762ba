import type { Subcommand } from '../../command.ts';
import { addInspectionOptions } from '../../print-inspection.ts';
import type { CheckOptions } from './print-check.ts';

export const check: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('check')
      .summary('judge images, Dockerfiles, Compose, Kubernetes, running containers, engine and firewall')
      .argument('<path...>', 'files, folders of them, images')
      .option('--sarif <file>', 'write the findings as SARIF 2.1.0 too, for a build server');
    addInspectionOptions(command).action((paths: string[], options: CheckOptions) =>
      run(async (terminal) => (await import('./print-check.ts')).printCheck(paths, options, terminal)),
    );
  },
};
