import type { YamlMap } from '../../../../base/yaml-tree.ts';
import type { Collector } from './collector.ts';
import type { Context } from './context.ts';
import type { FileResult } from './file-result.ts';

export const appendIsDeprecated =
  "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";
export const overrideAndAppend =
  "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  required_engine_version: ['required_engine_version'],
  required_plugin_versions: ['required_plugin_versions'],
  list: ['list', 'items', 'append', 'override'],
  macro: ['macro', 'condition', 'append', 'override'],
  rule: [
    'rule',
    'desc',
    'condition',
    'output',
    'priority',
    'source',
    'enabled',
    'tags',
    'exceptions',
    'warn_evttypes',
    'skip-if-unknown-filter',
    'capture',
    'capture_duration',
    'append',
    'override',
  ],
};

export interface ReadTarget {
  readonly collector: Collector;
  readonly result: FileResult;
  /** Told of each plug-in that a file asks for. */
  readonly onPlugin: (name: string) => void;
}

/** Warns of keys that an item of this kind does not have. */
export function checkKeys(item: YamlMap, kind: string, context: Context, result: FileResult): void {
  for (const { key, keyAt } of item.entries.values()) {
    if (knownKeys[kind]?.includes(key) === true) continue;
    result.warn('LOAD_UNKNOWN_KEY', `Unknown key '${key}'`, context.inner('value for', key, keyAt));
  }
}
