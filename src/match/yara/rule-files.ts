import { readFileSync, statSync } from 'node:fs';
import { decodeUtf8 } from '../../base/bytes.ts';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { loadYara, type YaraRules } from './yara.ts';

/** Collections of the field in one file have 20 MB. */
const maxFileBytes = 64_000_000;

/** Rules of YARA as a command was given them. */
export interface GivenYara {
  /** Undefined without a rule that could be compiled. */
  readonly rules: YaraRules | undefined;
  /** Files that could not be compiled. */
  readonly problems: readonly Problem[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
}

/** Compiles the rule files at `paths`. Throws for one that cannot be read. */
export async function readYaraFiles(paths: readonly string[]): Promise<GivenYara> {
  if (paths.length === 0) return { rules: undefined, problems: [], notChecked: [] };
  const load = await loadYara(paths.map((name) => ({ name, text: readRules(name) })));
  if (load === undefined) {
    const why = 'the engine of YARA (the npm package @litko/yara-x) is not installed here';
    return { rules: undefined, problems: [], notChecked: [{ what: 'rules of YARA', why }] };
  }
  const problems = load.faults.map(({ name, message, line }): Problem => ({
    code: 'bad-rule',
    at: { path: name, ...(line === undefined ? {} : { line }) },
    message,
  }));
  return { rules: load.rules, problems, notChecked: [] };
}

function readRules(path: string): string {
  try {
    if (statSync(path).size <= maxFileBytes) return decodeUtf8(readFileSync(path));
  } catch (cause) {
    throw new VakthundError('NOT_FOUND', `the rules "${path}" cannot be read`, { cause });
  }
  throw new VakthundError('EVIDENCE_LIMIT', `the rules "${path}" are larger than ${maxFileBytes} bytes`);
}
