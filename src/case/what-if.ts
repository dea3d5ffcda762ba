import { isDeepStrictEqual } from 'node:util';
import type { Micros } from '../base/time.ts';
import type { Finding } from '../events/finding.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';
import type { Store } from '../store/store.ts';
import { detect, type CaseDetectOptions, type DetectResult } from './detect.ts';
import { judge } from './judge.ts';
import { searchRules } from './search-rules.ts';
import type { WhatIf, WhatIfRequest } from './service.ts';

export interface WhatIfContext {
  readonly store: Store;
  /** How the case detects now. */
  readonly detecting: CaseDetectOptions;
  /** Suppressions of the case, without those of zones. */
  readonly suppressions: readonly Silencing[];
  /** What zones silence now. */
  readonly silencing: readonly Silencing[];
  /** Findings of inspections, which no setting changes. */
  readonly inspected: readonly Finding[];
  readonly now: Micros;
}

/** Runs what the change touches twice and everything else once; stores nothing. */
export async function whatIf(request: WhatIfRequest, context: WhatIfContext): Promise<WhatIf> {
  const { store, detecting, suppressions, silencing, inspected, now } = context;
  const changed = changedAnalytics(detecting.settings, request.settings?.analytics ?? detecting.settings);
  const part = (
    only: readonly string[],
    skip: readonly string[],
    settings = detecting.settings,
  ): Promise<DetectResult> => detect({ ...detecting, only, skip, settings });
  const same = await part([], changed);
  const old = changed.length === 0 ? [] : (await part(changed, [])).findings;
  const changedFindings = changed.length === 0 ? [] : (await part(changed, [], request.settings?.analytics)).findings;
  const rulesNow = await searchRules([], detecting);
  const rulesThen = request.rules.length === 0 ? rulesNow : await searchRules(request.rules, detecting);
  const common = [...same.findings, ...inspected];
  return {
    before: await judge(store, [...common, ...old, ...rulesNow.findings], [...suppressions, ...silencing], now),
    after: await judge(
      store,
      [...common, ...changedFindings, ...rulesThen.findings],
      [...suppressions, ...request.suppressions, ...(request.settings?.silencing ?? silencing)],
      now,
    ),
  };
}

function changedAnalytics(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const ids = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...ids].filter((id) => !isDeepStrictEqual(before[id], after[id])).map((id) => `analytics/${id}`);
}
