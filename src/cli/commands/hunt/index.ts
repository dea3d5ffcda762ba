import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { VakthundError } from '../../../base/errors.ts';
import type { CaseService, QueryRequest } from '../../../case/service.ts';
import type { UserQueryResult } from '../../../store/store.ts';
import { defineCommand, type ExitCode } from '../../command.ts';
import { hasCase, withCase, type GlobalOptions } from '../../context.ts';
import { outputs, type OutputId } from '../../../outputs/formats/registry.generated.ts';
import { addJudgingOptions } from '../../print-inspection.ts';
import { addReportFiles } from '../../report-files.ts';
import { addPipelines, pipelinesOf, type PipelineOptions } from '../../rule-pipelines.ts';
import { rowsAsCsv, rowsAsJson, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import type { SubjectOptions } from './subjects.ts';

const rowFormats = ['table', 'json', 'csv', 'parquet'] as const;
type RowFormat = (typeof rowFormats)[number];

interface Options extends GlobalOptions, SubjectOptions, PipelineOptions {
  readonly ioc: readonly string[];
  readonly yara: readonly string[];
  readonly rule: readonly string[];
  readonly whatIf: readonly string[];
  readonly since?: string;
  /** Of rows, or with `--yara` of the verdict. */
  readonly format?: RowFormat | OutputId;
  readonly output?: string;
  readonly timeout?: string;
  readonly limit: string;
  readonly explain?: boolean;
}

interface RowOptions extends Options {
  readonly format: RowFormat;
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund hunt "SELECT destination_ip, count(*) AS n FROM flow GROUP BY 1 ORDER BY n DESC LIMIT 10"
  vakthund hunt "SELECT * FROM dns WHERE dns_question_type = 'TXT'" --format csv > txt.csv
  vakthund hunt "FROM flow" --format parquet --output flow.parquet
  vakthund hunt @question.sql
  vakthund hunt --rule falco_rules.yaml
  vakthund hunt --rule sigma/rules/                        all rules of a folder, each kind of event read once
  vakthund hunt --yara webshells.yar                       files of the case's evidence, also those that captures carry
  vakthund hunt --yara webshells.yar uploads/ day.pcap     files and folders
  vakthund hunt --what-if new-settings.yaml --since 7d     what a change would have done
  vakthund hunt --ioc campaign.txt --host                  this machine, and everything stored
  vakthund hunt --ioc campaign.txt --yara kit.yar --bundle web1.tar.zst --bundle web2.tar.zst

Tables: one per event kind (flow, dns, http, tls, process, …), and address, domain, prevalence, indicator,
finding, incident, problem, evidence. Columns: docs/reference/events.md.
`;

export const command = defineCommand({
  id: 'hunt',
  summary: 'ask everything that is stored, in SQL',
  define(command, run) {
    addReportFiles(addJudgingOptions(addPipelines(command)))
      .argument('[question...]', 'one read-only statement in SQL, or @FILE to read it from a file; with --yara, paths')
      .option('--yara <file>', 'rules of YARA, asked about files instead of SQL (repeatable)', collect, [])
      .option('--ioc <list>', 'indicators to look for in the case and in what is named (repeatable)', collect, [])
      .option(
        '--what-if <file>',
        'what settings, suppressions or rules of this file would have done (repeatable)',
        collect,
        [],
      )
      .option('--since <time>', 'with --what-if: look at events from then on (ISO time, day, or 24h, 7d)')
      .option('--host', 'look through this machine: files, processes, connections')
      .option('--root <folder>', 'look through a root (repeatable)', collect, [])
      .option('--image <image>', 'look through an image (repeatable)', collect, [])
      .option('--bundle <file>', 'look through a bundle of a machine (repeatable)', collect, [])
      .option('--rule <path>', 'rules of Falco or Sigma instead of SQL: a file, or a folder (repeatable)', collect, [])
      .addOption(
        new Option('--format <format>', 'how to print rows (default: table), or with --yara the verdict').choices([
          ...new Set([...rowFormats, ...Object.keys(outputs)]),
        ]),
      )
      .option('-o, --output <file>', 'write what --format says to this file (needed for parquet)')
      .option('--timeout <seconds>', 'stop after this many seconds (default: 60; a look through files: 1800)')
      .option('--limit <rows>', 'rows to print at most; files get all', '1000')
      .option('--explain', 'show how the store would run it')
      .addHelpText('before', examples)
      .action((words: string[]) => run((terminal) => ask(words, command.optsWithGlobals<Options>(), terminal)));
  },
});

async function ask(words: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  if (options.since !== undefined && options.whatIf.length === 0) {
    throw new VakthundError('USAGE', '--since goes with --what-if; a statement says its own time', {
      hint: `vakthund hunt "SELECT * FROM flow WHERE time > now() - INTERVAL 7 DAY"`,
    });
  }
  if (options.whatIf.length > 0) {
    if (words.length > 0) throw new VakthundError('USAGE', 'give a question or --what-if, one at a time');
    const { printWhatIf } = await import('./what-if.ts');
    return printWhatIf(options.whatIf, options, terminal);
  }
  const subjects = [...options.root, ...options.image, ...options.bundle, ...(options.host === true ? ['/'] : [])];
  if (options.yara.length > 0 || options.ioc.length > 0) {
    const hint = 'vakthund hunt --help';
    if (options.rule.length > 0) throw new VakthundError('USAGE', 'give --rule, or --yara and --ioc', { hint });
    const { format, ...rest } = options;
    if (format !== undefined && !isOutput(format)) {
      throw new VakthundError('USAGE', `a verdict is not told as ${format}`);
    }
    const told = format === undefined ? rest : { ...rest, format };
    if (options.ioc.length === 0 && subjects.length === 0) {
      return (await import('./yara.ts')).huntWithYara(words, told, terminal);
    }
    if (words.length > 0) {
      throw new VakthundError('USAGE', `what is "${words[0]}"? name it with --root or --bundle`, { hint });
    }
    const seconds = numberOf(options.timeout ?? '1800', '--timeout');
    return (await import('./sweep.ts')).sweep({ ...told, seconds }, terminal);
  }
  if (subjects.length > 0) throw new VakthundError('USAGE', 'what is looked for there? give --ioc or --yara');
  if (words.length > 1) {
    throw new VakthundError('USAGE', 'give one statement; quote it for the shell', { hint: 'vakthund hunt --help' });
  }
  const { format = 'table' } = options;
  if (!isRowFormat(format)) {
    throw new VakthundError('USAGE', `rows are not printed as ${format}; with --yara there is a verdict`);
  }
  return hunt(words[0], { ...options, format }, terminal);
}

function isOutput(format: string): format is OutputId {
  return Object.hasOwn(outputs, format);
}

function isRowFormat(format: string): format is RowFormat {
  return rowFormats.some((one) => one === format);
}

async function hunt(argument: string | undefined, options: RowOptions, terminal: Terminal): Promise<ExitCode> {
  if ((argument === undefined) === (options.rule.length === 0)) {
    throw new VakthundError('USAGE', 'give either a statement, --rule or --yara', { hint: 'vakthund hunt --help' });
  }
  const sql = argument?.startsWith('@') === true ? readFileSync(argument.slice(1), 'utf8') : (argument ?? '');
  const request = {
    sql,
    timeoutMs: numberOf(options.timeout ?? '60', '--timeout') * 1000,
    maxRows: numberOf(options.limit, '--limit'),
  };
  if (options.format === 'parquet' && options.output === undefined) {
    throw new VakthundError('USAGE', 'Parquet is no text: name a file', { hint: 'add --output rows.parquet' });
  }
  if (options.format === 'parquet' && options.rule.length > 0) {
    throw new VakthundError('USAGE', 'matches of rules are printed as table, json or csv');
  }
  if (!hasCase(options)) terminal.talk(`there was no case in "${options.case}": nothing is stored in it`);
  return withCase<ExitCode>(options, terminal, async (service) => {
    if (options.rule.length > 0) {
      const { huntText, huntWithRules } = await import('./rules.ts');
      const pipelines = await pipelinesOf(options);
      const found = await huntWithRules({ rules: options.rule, pipelines, ...request }, service, terminal);
      return print(found, huntText(found, options, terminal), options, terminal);
    }
    if (options.explain === true) {
      terminal.out(`${await service.explain(sql)}\n`);
      return 0;
    }
    if (options.output !== undefined && (options.format === 'parquet' || options.format === 'csv')) {
      await exportRows(service, { ...request, format: options.format }, options.output, terminal);
      return 0;
    }
    const result = await service.query(request, { signal: terminal.signal });
    return print(result, textOf(result, options, terminal), options, terminal);
  });
}

function print(
  result: Pick<UserQueryResult, 'isCut'> & { readonly rows: readonly unknown[] },
  text: string,
  options: RowOptions,
  terminal: Terminal,
): ExitCode {
  if (options.output === undefined) terminal.out(text);
  else writeOutput(options.output, text);
  if (result.isCut && !terminal.quiet) {
    const hint = 'raise --limit, or write all to a file with --output';
    terminal.talk(`note: only the first ${result.rows.length} rows are shown; ${hint}\n`);
  }
  return 0;
}

function textOf(result: UserQueryResult, options: RowOptions, terminal: Terminal): string {
  if (terminal.json || options.format === 'json') return rowsAsJson(result, options.case);
  return options.format === 'csv' ? rowsAsCsv(result) : rowsAsTable(result, terminal.width);
}

function writeOutput(path: string, text: string): void {
  try {
    writeFileSync(resolve(path), text);
  } catch (error) {
    throw new VakthundError('OUTPUT', `"${path}" cannot be written`, { cause: error });
  }
}

/** The owner writes inside the case; this process puts the file where its user wants it, with its user's rights. */
async function exportRows(
  service: CaseService,
  request: QueryRequest & { readonly format: 'parquet' | 'csv' },
  output: string,
  terminal: Terminal,
): Promise<void> {
  const exported = await service.exportQuery(request, { signal: terminal.signal });
  try {
    copyFileSync(exported.path, resolve(output));
  } catch (error) {
    throw new VakthundError('OUTPUT', `"${output}" cannot be written`, { cause: error });
  } finally {
    rmSync(exported.path, { force: true });
  }
  if (!terminal.quiet) terminal.talk(`${exported.rows} rows written to ${output}\n`);
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new VakthundError('USAGE', `${option} needs a number over 0, not "${text}"`);
  }
  return value;
}
