import { Option } from 'commander';
import { defineCommand } from '../../command.ts';
import { checkRulesAgainst } from './against.ts';
import { checkRules } from './check.ts';
import { addPipelines, pipelinesOf } from '../../rule-pipelines.ts';
import { convertRules } from './convert.ts';
import { listRules } from './list.ts';
import { runRuleFiles, type RunOptions } from './run.ts';
import { testRules, type TestOptions } from './test-files.ts';

const examples = `Examples:
  vakthund rules check falco_rules.yaml                        what is wrong with rule files
  vakthund rules check falco_rules.yaml --against audit.log    which rules can never fire on evidence
  vakthund rules list falco_rules.yaml                         what rule files hold; without files, what is shipped
  vakthund rules run --rules falco_rules.yaml trace.scap       every match as it occurs
  vakthund rules test my-rule.yaml --benign quiet-day.log      the cases beside rules, and false alarms
  vakthund rules convert falco_rules.yaml                      rules as SQL
`;

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const command = defineCommand({
  id: 'rules',
  summary: 'check, list, test, run and convert detection rules',
  define(command, run) {
    command.addHelpText('before', examples);
    const check = command
      .command('check')
      .summary('say what is wrong with rule files, as their own tool says it')
      .argument('<files...>', 'rule files, in their order')
      .option('--against <evidence>', 'tell which rules can never fire on this evidence, and why', collect, []);
    addPipelines(check).action((files: string[]) => {
      const { against } = check.opts<{ readonly against: readonly string[] }>();
      return run(async (terminal) => {
        const pipelines = await pipelinesOf(check.optsWithGlobals());
        return against.length > 0
          ? checkRulesAgainst(files, against, pipelines, terminal)
          : checkRules(files, pipelines, terminal);
      });
    });
    const list = command
      .command('list')
      .summary('list the rules of files, or those that are shipped')
      .argument('[files...]', 'rule files, in their order');
    addPipelines(list).action((files: string[]) =>
      run(async (terminal) => listRules(files, await pipelinesOf(list.optsWithGlobals()), terminal)),
    );
    const runCommand = command
      .command('run')
      .summary('print every match of rules in evidence as it occurs; exit code 1 when there is one')
      .argument('<evidence...>', 'files and folders: captures, audit logs, events of any kind that is read')
      .requiredOption('-r, --rules <file>', 'rule file; give it again for more, in their order', collect, [])
      .addOption(
        new Option('--format <format>', 'text and falco-json are the lines that the language prints itself')
          .choices(['text', 'falco-json', 'jsonl'])
          .default('text'),
      )
      .option('-o, --option <key=value>', "the language's own switch, as Falco's -o", collect, [])
      .option('--falco-config <file>', 'falco.yaml: which rules run, and what they print');
    addPipelines(runCommand).action((evidence: string[]) =>
      run(async (terminal) => {
        const pipelines = await pipelinesOf(runCommand.optsWithGlobals());
        return runRuleFiles(evidence, { ...runCommand.opts<RunOptions>(), pipelines }, terminal);
      }),
    );
    const test = command
      .command('test')
      .summary('hold rule files against cases/NAME.json beside them; exit code 1 when one fails')
      .argument('<files...>', 'rule files')
      .option('--benign <evidence>', 'evidence in which nothing must be found (repeatable)', collect, [])
      .option('--budget <matches>', 'matches in benign evidence that are put up with', '0');
    addPipelines(test).action((files: string[]) =>
      run(async (terminal) => {
        const pipelines = await pipelinesOf(test.optsWithGlobals());
        return testRules(files, { ...test.opts<TestOptions>(), pipelines }, terminal);
      }),
    );
    const convert = command
      .command('convert')
      .summary('write rules as SQL over the events of a case')
      .argument('<files...>', 'rule files, in their order')
      .addOption(new Option('--to <form>', 'what to write').choices(['sql']).default('sql'));
    addPipelines(convert).action((files: string[]) =>
      run(async (terminal) => convertRules(files, await pipelinesOf(convert.optsWithGlobals()), terminal)),
    );
  },
});
