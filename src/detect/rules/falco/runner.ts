import { compileRuleSet } from '../../../match/condition/stream/rule-set.ts';
import type { RecordFormat } from '../../../match/record-stream.ts';
import type { Rule, RuleMatch, RuleRunner } from '../rule-language.ts';
import type { CompiledRule } from './load/compiled-rule.ts';
import { compileAlert } from './output/alert.ts';
import { isSelected, type FalcoSettings } from './settings.ts';

const noMatches: readonly RuleMatch[] = [];

/**
 * Runs the rules of a format's source over its records; undefined when there is none. With `rule_matching: first` only
 * the first rule that matches a record speaks.
 */
export function compileRunner<R>(
  rules: readonly { readonly rule: Rule; readonly compiled: CompiledRule }[],
  format: RecordFormat<R>,
  settings: FalcoSettings,
): RuleRunner<R> | undefined {
  const chosen = rules.filter(({ compiled: { item } }) => item.source === format.id && isSelected(item, settings));
  if (chosen.length === 0) return undefined;
  const set = compileRuleSet(
    chosen.map(({ compiled }) => compiled.condition),
    format.resolver,
    { discriminators: [{ name: 'evt.type' }] },
  );
  const printers = chosen.map(({ compiled }) => compileAlert(compiled, format.resolver, settings));
  return {
    judge: (record) => {
      const places = set.match(record);
      if (places.length === 0) return noMatches;
      const time = format.time(record);
      const due = settings.matching === 'first' ? places.slice(0, 1) : places;
      return due.flatMap((place) => {
        const [entry, printer] = [chosen[place], printers[place]];
        if (entry === undefined || printer === undefined) return [];
        const match: RuleMatch = {
          rule: entry.rule,
          time,
          get text() {
            return printer.text(record, time);
          },
          get json() {
            return printer.json(record, time);
          },
        };
        return [match];
      });
    },
    end: () => noMatches,
  };
}
