import { SigmaError } from './error.ts';
import { isReferredTo, type Loaded, type LoadedFault, type LoadedFilter } from './loaded.ts';
import type { Logsource, Search, SigmaFilter, SigmaRule } from './model.ts';

/**
 * Adds filters to the rules that they name, where the log sources agree. A rule then asks in addition for the filter's
 * condition as it is written (filters say `not selection`), which is what pySigma does. One that fits no rule is told.
 */
export function applyFilters(
  rules: readonly Loaded<SigmaRule>[],
  filters: readonly LoadedFilter[],
  faults: LoadedFault[],
): readonly Loaded<SigmaRule>[] {
  let filtered = rules;
  for (const [index, { document, path }] of filters.entries()) {
    let count = 0;
    filtered = filtered.map((loaded) => {
      if (!isFor(document, loaded.document)) return loaded;
      count++;
      return { ...loaded, document: withFilter(loaded.document, document, index) };
    });
    if (count > 0) continue;
    const error = new SigmaError('SigmaRuleNotFoundError', 'the filter fits none of the rules', document.at);
    faults.push({ severity: 'warning', error, path, title: document.title });
  }
  return filtered;
}

function isFor(filter: SigmaFilter, rule: SigmaRule): boolean {
  if (!isWithin(rule.logsource, filter.logsource)) return false;
  return filter.rules === 'any' || filter.rules.some((reference) => isReferredTo(reference, rule));
}

/** Whether a log source has all that another names. */
export function isWithin(inner: Logsource, outer: Logsource): boolean {
  const agrees = (key: 'category' | 'product' | 'service'): boolean =>
    outer[key] === undefined || outer[key] === inner[key];
  return agrees('category') && agrees('product') && agrees('service');
}

/** The filter's searches get names of their own, which no selector of the rule means: those are resolved by now. */
function withFilter(rule: SigmaRule, filter: SigmaFilter, index: number): SigmaRule {
  const rename = (name: string): string => `_filter_${index}_${name}`;
  const renamed = [...filter.detections].map(([name, detection]) => [rename(name), detection] as const);
  const condition = renameSearch(filter.condition, rename);
  return {
    ...rule,
    detections: new Map([...rule.detections, ...renamed]),
    conditions: rule.conditions.map((own) => ({ kind: 'and', of: [own, condition] })),
  };
}

function renameSearch(search: Search, rename: (name: string) => string): Search {
  switch (search.kind) {
    case 'identifier':
      return { ...search, name: rename(search.name) };
    case 'not':
      return { ...search, of: renameSearch(search.of, rename) };
    case 'and':
    case 'or':
      return { ...search, of: search.of.map((one) => renameSearch(one, rename)) };
  }
}
