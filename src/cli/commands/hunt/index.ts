import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { VakthundError } from '../../../base/errors.ts';
import { everySource } from '../../../case/every-source.ts';
import type { CaseService, QueryRequest } from '../../../case/service.ts';
import type { UserQueryResult } from '../../../store/store.ts';
import { defineCommand, type ExitCode } from '../../command.ts';
import { withCase } from '../../context.ts';
import { addVerdictOptions, type VerdictOptions } from '../../print-inspection.ts';
import { addPipelines, pipelinesOf, type PipelineOptions } from '../../rule-pipelines.ts';
import { loadGoodRules } from '../../rule-files.ts';
import { rowsAsCsv, rowsAsJson, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';

interface Options extends VerdictOptions, PipelineOptions {
  readonly yara: readonly string[];
  readonly format: 'table' | 'json' | 'csv' | 'parquet';
  readonly output?: string;
  readonly timeout: string;
  readonly limit: string;
  readonly explain?: boolean;
  readonly rule: readonly string[];
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund hunt "SELECT destination_ip, count(*) AS n FROM flow GROUP BY 1 ORDER BY n DESC LIMIT 10"
  vakthund hunt "SELECT * FROM dns WHERE dns_question_type = 'TXT'" --format csv > txt.csv
  vakthund hunt "FROM flow" --format parquet --output flow.parquet
  vakthund hunt @question.sql
  vakthund hunt --rule falco_rules.yaml
  vakthund hunt --yara webshells.yar                       files of the case's evidence, also those that captures carry
  vakthund hunt --yara webshells.yar uploads/ day.pcap     files and folders

Tables: one per event kind (flow, dns, http, tls, process, …), and address, domain, prevalence, indicator,
finding, incident, problem, evidence. Columns: docs/reference/events.md.
`;

export const command = defineCommand({
  id: 'hunt',
  summary: 'ask everything that is stored, in SQL',
  define(command, run) {
    addVerdictOptions(addPipelines(command))
      .argument('[question...]', 'one read-only statement in SQL, or @FILE to read it from a file; with --yara, paths')
      .option('--yara <file>', 'rules of YARA, asked about files instead of SQL (repeatable)', collect, [])
      .option('--rule <file>', 'a rule file, Falco or Sigma, instead of SQL (repeatable)', collect, [])
      .addOption(
        new Option('--format <format>', 'how to print rows')
          .choices(['table', 'json', 'csv', 'parquet'])
          .default('table'),
      )
      .option('-o, --output <file>', 'write rows to a file (needed for parquet)')
      .option('--timeout <seconds>', 'stop after this many seconds', '60')
      .option('--limit <rows>', 'rows to print at most; files get all', '1000')
      .option('--explain', 'show how the store would run it')
      .addHelpText('before', examples)
      .action((words: string[]) => run((terminal) => ask(words, command.optsWithGlobals<Options>(), terminal)));
  },
});

async function ask(words: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  if (options.yara.length > 0) {
    if (options.rule.length > 0) throw new VakthundError('USAGE', 'give --rule or --yara, one at a time');
    const { format, output, ...rest } = options;
    if (format !== 'table' && format !== 'json') {
      throw new VakthundError('USAGE', `findings of YARA are no ${format}`, { hint: 'give --format json' });
    }
    const { huntWithYara } = await import('./yara.ts');
    const report = { ...(format === 'json' ? { format } : {}), ...(output === undefined ? {} : { output }) };
    return huntWithYara(words, { ...rest, ...report }, terminal);
  }
  if (words.length > 1) {
    throw new VakthundError('USAGE', 'give one statement; quote it for the shell', { hint: 'vakthund hunt --help' });
  }
  return hunt(words[0], options, terminal);
}

async function hunt(argument: string | undefined, options: Options, terminal: Terminal): Promise<ExitCode> {
  if ((argument === undefined) === (options.rule.length === 0)) {
    throw new VakthundError('USAGE', 'give either a statement, --rule or --yara', { hint: 'vakthund hunt --help' });
  }
  const sql = argument?.startsWith('@') === true ? readFileSync(argument.slice(1), 'utf8') : (argument ?? '');
  const request = {
    sql,
    timeoutMs: numberOf(options.timeout, '--timeout') * 1000,
    maxRows: numberOf(options.limit, '--limit'),
  };
  if (options.format === 'parquet' && options.output === undefined) {
    throw new VakthundError('USAGE', 'Parquet is no text: name a file', { hint: 'add --output rows.parquet' });
  }
  return withCase<ExitCode>(options, terminal, async (service) => {
    if (options.rule.length > 0) {
      const { huntRules } = await import('./rules.ts');
      const sets = await loadGoodRules(options.rule, {
        options: [everySource],
        pipelines: await pipelinesOf(options),
      });
      return print(await huntRules(sets, service, request, terminal), options, terminal);
    }
    if (options.explain === true) {
      terminal.out(`${await service.explain(sql)}\n`);
      return 0;
    }
    if (options.output !== undefined && (options.format === 'parquet' || options.format === 'csv')) {
      await exportRows(service, { ...request, format: options.format }, options.output, terminal);
      return 0;
    }
    return print(await service.query(request, { signal: terminal.signal }), options, terminal);
  });
}

function print(result: UserQueryResult, options: Options, terminal: Terminal): ExitCode {
  const text = textOf(result, options, terminal);
  if (options.output === undefined) terminal.out(text);
  else writeOutput(options.output, text);
  if (result.isCut && !terminal.quiet) {
    const hint = 'raise --limit, or write all to a file with --output';
    terminal.talk(`note: only the first ${result.rows.length} rows are shown; ${hint}\n`);
  }
  return 0;
}

function textOf(result: UserQueryResult, options: Options, terminal: Terminal): string {
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
