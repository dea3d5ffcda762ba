import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { sorted } from './collector.ts';
import type { Context } from './context.ts';
import { boolean, has, invalid, optionalBoolean, text, texts, wholeNumber } from './decode.ts';
import type { FileResult } from './file-result.ts';
import { parsePriority, type Priority, type RuleUpdate } from './items.ts';
import { checkOverriddenKeys, readOverrides, type Overrides } from './overrides.ts';
import { readExceptions } from './read-exceptions.ts';
import { appendIsDeprecated, checkKeys, overrideAndAppend, type ReadTarget } from './read-target.ts';

const enabledIsDeprecated =
  "The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under the 'override' key (i.e. 'enabled: replace').";

const appendable = ['condition', 'output', 'desc', 'tags', 'exceptions'] as const;
const replaceable = [
  ...appendable,
  'priority',
  'enabled',
  'warn_evttypes',
  'skip-if-unknown-filter',
  'capture',
  'capture_duration',
] as const;

/** Reads a rule: a definition, an append, overrides of some of its keys, or the switch of an earlier one. */
export function readRule(item: YamlMap, parent: Context, target: ReadTarget): void {
  const { collector, result } = target;
  const name = text(item, 'rule', parent.inner('rule', '', item.at));
  const context = parent.inner('rule', name, item.at);
  checkKeys(item, 'rule', context, result);
  const isAppend = optionalBoolean(item, 'append', false, context);
  if (isAppend) result.warn('LOAD_DEPRECATED_ITEM', appendIsDeprecated, context);
  const overrides = readOverrides(item, context, appendable, replaceable);
  if (isAppend && overrides !== undefined) throw invalid(overrideAndAppend, context);
  if (overrides !== undefined) overrideRule(item, name, context, overrides, target);
  else if (isAppend) {
    collector.appendRule(readUpdate(item, name, context, new Set(['condition', 'exceptions']), result));
  } else if (['condition', 'output', 'desc', 'priority'].some((key) => has(item, key))) {
    defineRule(item, name, context, target);
  } else {
    const isEnabled = boolean(item, 'enabled', context);
    result.warn('LOAD_DEPRECATED_ITEM', enabledIsDeprecated, context);
    collector.enableRule(name, isEnabled, context);
  }
}

function overrideRule(item: YamlMap, name: string, context: Context, overrides: Overrides, target: ReadTarget): void {
  const { collector, result } = target;
  checkOverriddenKeys(item, overrides, replaceable, context);
  if (overrides.append.size > 0) {
    collector.appendRule(readUpdate(item, name, context, overrides.append, result));
  }
  if (overrides.replace.size > 0) {
    collector.replaceInRule(readUpdate(item, name, context, overrides.replace, result));
  }
}

/** The keys of an item that are asked for and there. */
function readUpdate(
  item: YamlMap,
  name: string,
  context: Context,
  keys: ReadonlySet<string>,
  result: FileResult,
): RuleUpdate {
  const update: RuleUpdate = { name, context };
  const wants = (key: string): boolean => keys.has(key) && has(item, key);
  if (wants('condition')) {
    update.condition = text(item, 'condition', context);
    update.conditionContext = innerOf(item, 'condition', 'rule condition', context);
  }
  if (wants('output')) {
    update.output = text(item, 'output', context).trim();
    update.outputContext = innerOf(item, 'output', 'rule output', context);
  }
  if (wants('desc')) update.description = text(item, 'desc', context);
  if (wants('tags')) update.tags = texts(item, 'tags', context) ?? [];
  if (wants('exceptions')) update.exceptions = readExceptions(item, context, true, result);
  if (wants('priority')) update.priority = readPriority(item, context);
  if (wants('enabled')) update.isEnabled = boolean(item, 'enabled', context);
  if (wants('warn_evttypes')) update.warnsEventTypes = boolean(item, 'warn_evttypes', context);
  if (wants('skip-if-unknown-filter')) update.skipsUnknown = boolean(item, 'skip-if-unknown-filter', context);
  if (wants('capture')) update.captures = boolean(item, 'capture', context);
  if (wants('capture_duration')) update.captureMilliseconds = wholeNumber(item, 'capture_duration', context);
  return update;
}

function defineRule(item: YamlMap, name: string, context: Context, { collector, result }: ReadTarget): void {
  const condition = text(item, 'condition', context);
  const output = text(item, 'output', context).trim();
  const description = text(item, 'desc', context);
  const priority = readPriority(item, context);
  const rule = {
    name,
    context,
    conditionContext: innerOf(item, 'condition', 'rule condition', context),
    outputContext: innerOf(item, 'output', 'rule output', context),
    source: has(item, 'source') ? text(item, 'source', context) : 'syscall',
    isUnknownSource: false,
    condition,
    output,
    description,
    priority,
    isEnabled: optionalBoolean(item, 'enabled', true, context),
    warnsEventTypes: optionalBoolean(item, 'warn_evttypes', true, context),
    skipsUnknown: optionalBoolean(item, 'skip-if-unknown-filter', false, context),
    captures: optionalBoolean(item, 'capture', false, context),
    captureMilliseconds: has(item, 'capture_duration') ? wholeNumber(item, 'capture_duration', context) : 0,
    tags: sorted(texts(item, 'tags', context) ?? []),
    exceptions: readExceptions(item, context, false, result),
  };
  collector.defineRule(rule, result);
}

function readPriority(item: YamlMap, context: Context): Priority {
  const priority = parsePriority(text(item, 'priority', context));
  if (priority === undefined) throw invalid('Invalid priority', innerOf(item, 'priority', 'rule priority', context));
  return priority;
}

function innerOf(
  item: YamlMap,
  key: string,
  type: 'rule condition' | 'rule output' | 'rule priority',
  context: Context,
): Context {
  return context.inner(type, '', item.entries.get(key)?.value.at ?? item.at);
}
