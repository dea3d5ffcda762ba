import type { Subcommand } from '../../command.ts';
import { addImageOptions, collect } from './image-options.ts';
import type { CompareOptions } from './run-compare.ts';
import { addScanOptions } from './scan-options.ts';

export const compare: Subcommand = {
  define(parent, run) {
    const command = addImageOptions(
      parent.command('compare').summary("put other scanners' reports beside our own, and say why they differ"),
    ).requiredOption(
      '--with <report>',
      'report of another scanner: JSON of Trivy, Grype or OSV-Scanner, SARIF, CycloneDX or GitLab (repeatable)',
      collect,
      [],
    );
    addScanOptions(command).action((subject: string, options: CompareOptions) =>
      run(async (terminal) => (await import('./run-compare.ts')).runCompare(subject, options, terminal)),
    );
  },
};
