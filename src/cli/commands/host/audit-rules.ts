import type { Command } from 'commander';
import { addInspectionOptions } from '../../print-inspection.ts';
import type { Subcommand } from '../../command.ts';

const examples = `Examples:
  vakthund host audit-rules generate > vakthund.rules  rules for what the detections look at on this machine
  vakthund host audit-rules verify                     what the rules of this machine do not see
  vakthund host audit-rules verify --probe             touch each watched place, and look whether a record comes
  vakthund host audit-rules verify --root /mnt/disk /etc/audit/rules.d/docker.rules
`;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

export const auditRules: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('audit-rules')
      .summary("make the kernel's audit rules, and look whether they see what they are meant to see")
      .addHelpText('before', examples);
    command
      .command('generate')
      .summary('print rules that record what the loaded detections and the audit of container engines ask for')
      .option('--root <folder>', 'for a mounted or unpacked root instead of this machine')
      .option('--rules <path>', 'detections beside the shipped ones (repeatable)', collect, [])
      .action((_options: unknown, itself: Command) =>
        run(async (terminal) =>
          (await import('./run-audit-rules.ts')).generateCommand(itself.optsWithGlobals(), terminal),
        ),
      );
    addInspectionOptions(
      command
        .command('verify')
        .summary('hold files of rules, what the kernel has loaded, and the places that are watched against each other')
        .argument('[files...]', 'files of rules; default: /etc/audit/rules.d')
        .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
        .option(
          '--probe',
          'touch what each loaded rule watches: a file that is made and removed, permissions set to what they are',
        ),
    ).action((files: string[], _options: unknown, itself: Command) =>
      run(async (terminal) =>
        (await import('./run-audit-rules.ts')).verifyCommand(files, itself.optsWithGlobals(), terminal),
      ),
    );
  },
};
