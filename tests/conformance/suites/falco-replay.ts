import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VakthundError } from '../../../src/base/errors.ts';
import { sources } from '../../../src/collect/sources/registry.generated.ts';
import { language } from '../../../src/detect/rules/falco/index.ts';
import type { RuleSet } from '../../../src/detect/rules/rule-language.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { readCases, ruleTexts, type FalcoCase } from './falco-cases/read.ts';
import { runDifference, runRules } from './falco-cases/run.ts';
import { loadDifference, type LoadResults } from './falco-cases/verdict.ts';

/** Rules over captures, with Falco's options and falco.yaml: how often each rule speaks, and the exact lines. */
interface ReplayCase extends FalcoCase {
  readonly disabled_rules?: readonly string[];
  readonly disabled_tags?: readonly string[];
  readonly enabled_tags?: readonly string[];
}

type Wrong = Omit<SuiteFailure, 'case'> | undefined;

/** Falco's command line as options: `-o key=value`, `-D` and `-T`, and `-t`, which leaves only rules with a tag. */
function optionsOf(value: ReplayCase): string[] {
  const args = value.args ?? [];
  return [
    'hostname=test-falco-hostname',
    ...args.filter((_arg, index) => args[index - 1] === '-o'),
    ...(value.disabled_rules ?? []).map((name) => `disable.rule=${name}`),
    ...(value.disabled_tags ?? []).map((tag) => `disable.tag=${tag}`),
    ...(value.enabled_tags === undefined ? [] : ['disable.rule=*']),
    ...(value.enabled_tags ?? []).map((tag) => `enable.tag=${tag}`),
  ];
}

const inKernel = 'it has Falco pretend that its driver lost events; a capture that is replayed has no driver';

/** What the case is about happens in a kernel, or in a simulation of one. */
function isAboutDrops({ config }: ReplayCase): boolean {
  return config?.content.includes('simulate_drops: true') === true;
}

async function difference(corpus: string, value: ReplayCase): Promise<Wrong | 'skipped'> {
  const loaded = load(corpus, value);
  const { expect } = value;
  if (typeof loaded === 'string') {
    const wanted = (expect.text ?? []).find(([kind]) => kind === 'Regexp')?.[2]?.replaceAll('`', '') ?? '';
    return expect.ok === false && loaded.includes(wanted) ? undefined : { got: loaded, want: wanted };
  }
  if (isAboutDrops(value)) return 'skipped';
  const wrong = loadDifference(loaded.json() as LoadResults, expect);
  if (wrong !== undefined) return wrong;
  const bytes = readFileSync(join(corpus, 'falco/captures', value.capture ?? ''));
  const capture = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const { records } = sources.scap;
  if (records === undefined) return { got: 'no reader', want: 'a reader of captures' };
  const outcome = await runRules(loaded, records, capture);
  const said = outcome.detections.map(({ json }) => json).join('\n');
  for (const [kind, output, pattern] of expect.text ?? []) {
    const isThere = new RegExp(pattern?.replaceAll('`', '') ?? '').test(said);
    if (output === 'stdout' && isThere !== (kind === 'Regexp')) return { got: said, want: `${kind} ${pattern}` };
  }
  return runDifference(outcome, expect);
}

/** The rules, or why the configuration is refused. */
function load(corpus: string, value: ReplayCase): RuleSet | string {
  const { config } = value;
  const configuration = config === undefined ? [] : [{ path: config.name, text: config.content }];
  try {
    return language.load(ruleTexts(corpus, value.rules), { options: optionsOf(value), configuration });
  } catch (error) {
    if (error instanceof VakthundError) return error.message;
    throw error;
  }
}

export const suite: Suite = {
  id: 'falco/replay',
  async run(corpus): Promise<SuiteResult> {
    const cases = readCases<ReplayCase>(corpus, 'falco_replay.json');
    const failed: SuiteFailure[] = [];
    const skips: SuiteSkip[] = [];
    for (const value of cases) {
      const wrong = await difference(corpus, value);
      if (wrong === 'skipped') skips.push({ case: value.name, why: inKernel });
      else if (wrong !== undefined) failed.push({ case: value.name, ...wrong });
    }
    const skipped = skips.length;
    return { total: cases.length, passed: cases.length - failed.length - skipped, skipped, failed, skips };
  },
};
