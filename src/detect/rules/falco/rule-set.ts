import { VakthundError } from '../../../base/errors.ts';
import { eventFormat } from '../../../match/event-format.ts';
import type { RecordFormat } from '../../../match/record-stream.ts';
import type { LoadOptions, RuleSet, RuleText } from '../rule-language.ts';
import { eventsAsSyscalls } from './events/stream.ts';
import { loadFiles } from './load/loader.ts';
import { toRule } from './rule.ts';
import { compileRunner } from './runner.ts';
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
    runner: (format) => compileRunner(rules, asSyscalls(format), settings),
  };
}

/** Our own events are judged as the system calls that they tell of. */
function asSyscalls<R>(format: RecordFormat<R>): RecordFormat<R> {
  // The records of the one format are those of the other.
  return format.id === eventFormat.id ? (eventsAsSyscalls as unknown as RecordFormat<R>) : format;
}

function settingsOf(configurations: readonly string[], options: readonly string[]): FalcoSettings {
  try {
    return readSettings(configurations, options);
  } catch (error) {
    if (error instanceof SettingsError) throw new VakthundError('CONFIG', error.message);
    throw error;
  }
}
