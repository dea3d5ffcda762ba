import { VakthundError } from '../../../base/errors.ts';
import { eventFormat } from '../../../match/event-format.ts';
import type { EventRow } from '../../../events/event.ts';
import type { LoadOptions, RuleMatch, RuleRunner, RuleSet, RuleText } from '../rule-language.ts';
import { eventsAsSyscalls } from './events/stream.ts';
import { loadFiles } from './load/loader.ts';
import { toRule } from './rule.ts';
import { compileRunner } from './runner.ts';
import { recordOf, sourceByDataset, storedFormat } from './sources/stored.ts';
import { isUrgent, readSettings, SettingsError, type FalcoSettings } from './settings.ts';

/**
 * Loads rules files. Options are those of Falco's `-o`, and `sources=syscall,k8s_audit`: sources that are there whatever
 * the files ask for. Throws `CONFIG` for a falco.yaml or an option that Falco refuses.
 */
export function loadRuleSet(
  files: readonly RuleText[],
  { options = [], configuration = [] }: LoadOptions = {},
): RuleSet {
  const settings = settingsOf(
    configuration.map(({ text }) => text),
    options,
  );
  const sources = options.find((option) => option.startsWith('sources='))?.slice('sources='.length);
  const loaded = loadFiles(files, {
    sources: sources === undefined ? ['syscall'] : ['syscall', ...sources.split(',')],
    extraOutput: settings.appendedOutputs,
  });
  const { results, contents } = loaded;
  const rules = loaded.rules
    .filter(({ item }) => isUrgent(item.priority, settings))
    .map((compiled) => ({ compiled, rule: toRule(compiled) }));
  return {
    rules: rules.map(({ rule }) => rule),
    files: results.map((result) => result.verdict()),
    text: () => results.map((result) => result.text(contents)).join(''),
    json: () => ({ falco_load_results: results.map((result) => result.json(contents)) }),
    runner: (format) =>
      format.id === eventFormat.id ? eventRunner(rules, settings) : compileRunner(rules, format, settings),
  };
}

type SetRule = Parameters<typeof compileRunner>[0][number];

/** Our own events are judged as the system calls that they tell of, or as the plug-in records that they were made of. */
function eventRunner<R>(rules: readonly SetRule[], settings: FalcoSettings): RuleRunner<R> | undefined {
  const syscalls = compileRunner(rules, eventsAsSyscalls, settings);
  const records = new Map(
    [...sourceByDataset].flatMap(([dataset, source]) => {
      const runner = compileRunner(rules, storedFormat(source), settings);
      return runner === undefined ? [] : [[dataset, { source, runner }] as const];
    }),
  );
  if (syscalls === undefined && records.size === 0) return undefined;
  const judge = (row: EventRow): readonly RuleMatch[] => {
    const dataset = records.size === 0 ? null : row['event_dataset'];
    const stored = typeof dataset === 'string' ? records.get(dataset) : undefined;
    if (stored === undefined) return syscalls?.judge(row) ?? [];
    const record = recordOf(stored.source, row);
    return record === undefined ? [] : stored.runner.judge(record);
  };
  // The records of our own format are rows of events.
  return { judge: (record) => judge(record as EventRow), end: () => [] };
}

function settingsOf(configurations: readonly string[], options: readonly string[]): FalcoSettings {
  try {
    return readSettings(configurations, options);
  } catch (error) {
    if (error instanceof SettingsError) throw new VakthundError('CONFIG', error.message);
    throw error;
  }
}
