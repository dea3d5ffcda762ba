import { defineCommand } from '../../command.ts';
import { checkRules } from './check.ts';
import { listRules } from './list.ts';

const examples = `Examples:
  vakthund rules check falco_rules.yaml          what is wrong with rule files
  vakthund rules list falco_rules.yaml           what they hold
`;

export const command = defineCommand({
  id: 'rules',
  summary: 'check and list detection rules',
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('check')
      .summary('say what is wrong with rule files, as their own tool says it')
      .argument('<files...>', 'rule files, in their order')
      .action((files: string[]) => run((terminal) => checkRules(files, terminal)));
    command
      .command('list')
      .summary('list the rules of files')
      .argument('<files...>', 'rule files, in their order')
      .action((files: string[]) => run((terminal) => listRules(files, terminal)));
  },
});
