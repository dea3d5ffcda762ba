import { readFileSync, statSync } from 'node:fs';
import { VakthundError } from '../base/errors.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import type { RuleLanguage, RuleSet, RuleText } from '../detect/rules/rule-language.ts';

/** No rule file of the field comes near; what is larger is no rule file, or an attack on whoever checks it. */
const maxFileBytes = 16_000_000;

/** What the languages are given besides the rules. */
export interface RuleLoad {
  /** Falco's `-o`. */
  readonly options?: readonly string[];
  /** falco.yaml. */
  readonly falcoConfig?: string | undefined;
  /** Processing pipelines of Sigma. */
  readonly pipelines?: readonly string[];
}

export interface LoadedRules {
  readonly language: RuleLanguage;
  readonly set: RuleSet;
}

/**
 * Reads rule files and loads them, those of a language together and in the order given: a later file may change an
 * earlier one. Throws for a file that cannot be read or is of no known language.
 */
export async function loadRules(paths: readonly string[], load: RuleLoad = {}): Promise<LoadedRules[]> {
  const { languages } = await import('../detect/rules/registry.generated.ts');
  const list: readonly RuleLanguage[] = Object.values(languages);
  const texts = new Map<RuleLanguage, RuleText[]>();
  for (const path of paths) {
    const text = readRuleFile(path);
    const language = languageOf(path, text, list);
    const group = texts.get(language);
    if (group === undefined) texts.set(language, [{ path, text }]);
    else group.push({ path, text });
  }
  const configured = (given: readonly string[]): RuleText[] =>
    given.map((path) => ({ path, text: readRuleFile(path) }));
  const configurations: Readonly<Record<string, readonly RuleText[]>> = {
    falco: configured(load.falcoConfig === undefined ? [] : [load.falcoConfig]),
    sigma: configured(load.pipelines ?? []),
  };
  return [...texts].map(([language, files]) => {
    const configuration = configurations[language.id] ?? [];
    return { language, set: language.load(files, { options: load.options ?? [], configuration }) };
  });
}

/** The same for files that are to be run: one with an error in it stops everything. */
export async function loadGoodRules(paths: readonly string[], load: RuleLoad = {}): Promise<LoadedRules[]> {
  const sets = await loadRules(paths, load);
  const bad = sets.flatMap(({ set }) => set.files).find((file) => !file.isOk);
  if (bad === undefined) return sets;
  const reason = bad.problems.find(({ severity }) => severity === 'error')?.message ?? '';
  throw new VakthundError('CONFIG', `${bad.path} has errors: ${reason}`, {
    hint: `vakthund rules check ${paths.join(' ')}`,
  });
}

function languageOf(path: string, text: string, list: readonly RuleLanguage[]): RuleLanguage {
  let best: RuleLanguage | undefined;
  let surest = 0;
  for (const language of list) {
    const sure = language.detect(path, text);
    if (sure > surest) [best, surest] = [language, sure];
  }
  if (best !== undefined) return best;
  throw new VakthundError('EVIDENCE_READ', `"${path}" is of no known rule language`, {
    hint: `known are ${list.map((language) => language.id).join(', ')}; see docs/reference/rule-languages.md`,
  });
}

function readRuleFile(path: string): string {
  try {
    if (statSync(path).size > maxFileBytes) {
      throw new VakthundError('EVIDENCE_LIMIT', `"${path}" is larger than ${maxFileBytes} bytes`);
    }
    return decodeUtf8(readFileSync(path));
  } catch (error) {
    if (error instanceof VakthundError) throw error;
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause: error });
  }
}
