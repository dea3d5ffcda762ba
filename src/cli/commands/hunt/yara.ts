import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { huntYara, type YaraHuntResult } from '../../../case/yara-hunt.ts';
import { defaultOpenLimits } from '../../../collect/open/limits.ts';
import { readYaraFiles } from '../../../match/yara/rule-files.ts';
import type { YaraRules } from '../../../match/yara/yara.ts';
import type { ExitCode } from '../../command.ts';
import { withCase } from '../../context.ts';
import { printInspection, type InspectionOptions } from '../../print-inspection.ts';
import { createProgress } from '../../progress.ts';
import type { Terminal } from '../../terminal.ts';

export interface YaraOptions extends InspectionOptions {
  readonly yara: readonly string[];
}

/** Evidence files of one case. */
const maxEvidence = 1_000_000;

/** Asks rules of YARA about the files at `paths`, or without any about the files of the case's evidence. */
export async function huntWithYara(
  paths: readonly string[],
  options: YaraOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const missing = paths.find((path) => statSync(path, { throwIfNoEntry: false }) === undefined);
  if (missing !== undefined) throw new VakthundError('NOT_FOUND', `"${missing}" does not exist`);
  const given = await readYaraFiles(options.yara);
  const targets = paths.length > 0 ? paths.map((path) => resolve(path)) : await evidenceFiles(options, terminal);
  const result = given.rules === undefined ? nothing : await scan(targets, given.rules, options, terminal);
  const inspection = {
    // Paths of this machine stand for themselves.
    subject: '/',
    by: `hunt --yara ${options.yara.map((path) => basename(path)).join(' ')}`,
    claims: result.claims,
    problems: [...given.problems, ...result.problems],
    notChecked: given.notChecked,
    ran: given.rules === undefined ? [] : ['files/yara'],
  };
  if (!terminal.quiet) terminal.talk(`${result.scanned} contents were shown to the rules\n`);
  return printInspection(inspection, options, terminal, result.files);
}

const nothing: YaraHuntResult = { claims: [], problems: [], files: [], scanned: 0 };

async function scan(
  paths: readonly string[],
  rules: YaraRules,
  { yara }: YaraOptions,
  terminal: Terminal,
): Promise<YaraHuntResult> {
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-yara-'));
  const progress = createProgress(terminal);
  try {
    return await huntYara(paths, rules, {
      limits: defaultOpenLimits,
      spoolFolder,
      except: new Set(yara.map((path) => resolve(path))),
      signal: terminal.signal,
      onProgress: (step) => progress.show(step),
    });
  } finally {
    progress.end();
    rmSync(spoolFolder, { recursive: true, force: true });
  }
}

/** Files of the ledger, each once; what was inspected is no evidence to be opened. */
async function evidenceFiles(options: YaraOptions, terminal: Terminal): Promise<string[]> {
  return withCase(options, terminal, async (service) => {
    const sql = "SELECT DISTINCT path FROM evidence WHERE source IS DISTINCT FROM 'inspection' ORDER BY path";
    const request = { sql, timeoutMs: 60_000, maxRows: maxEvidence };
    const { rows } = await service.query(request, { signal: terminal.signal });
    return [...new Set(rows.map((row) => String(Object.values(row)[0]).split('!')[0] ?? ''))];
  });
}
