import type { YamlMap } from '../../../../base/yaml-tree.ts';
import type { Context } from './context.ts';
import { has, invalid } from './decode.ts';

/** Keys that an item's `override` names, by what is done to them. */
export interface Overrides {
  readonly append: ReadonlySet<string>;
  readonly replace: ReadonlySet<string>;
}

/** Reads the `override` of an item and holds it against what may be appended and replaced. */
export function readOverrides(
  item: YamlMap,
  context: Context,
  appendable: readonly string[],
  replaceable: readonly string[],
): Overrides | undefined {
  const node = item.entries.get('override')?.value;
  if (node === undefined) return undefined;
  const append = new Set<string>();
  const replace = new Set<string>();
  const outer = context.inner('overrides', '', item.at);
  for (const { key, keyAt, value } of node.kind === 'map' ? node.entries.values() : []) {
    const operation = value.kind === 'scalar' ? value.source : '';
    const isAppendable = appendable.includes(key);
    const isReplaceable = replaceable.includes(key);
    if (operation === 'append') {
      if (!isAppendable) {
        throw invalid(
          `Key '${key}' cannot be appended to, use 'replace' instead`,
          outer.inner('overrides', key, keyAt),
        );
      }
      append.add(key);
    } else if (operation === 'replace') {
      if (!isReplaceable) throw invalid(`Key '${key}' cannot be replaced`, outer.inner('overrides', key, keyAt));
      replace.add(key);
    } else {
      const allowed = `${isAppendable ? 'append ' : ''}${isReplaceable ? 'replace ' : ''}`;
      const message = `Invalid override operation for key '${key}': '${operation}'. Allowed values are: ${allowed}`;
      throw invalid(message, outer.inner('value for', key, value.at));
    }
  }
  return append.size + replace.size === 0 ? undefined : { append, replace };
}

/** Every key that is overridden is there, and every key that is there is overridden. */
export function checkOverriddenKeys(
  item: YamlMap,
  overrides: Overrides,
  known: readonly string[],
  context: Context,
): void {
  for (const kind of ['append', 'replace'] as const) {
    for (const key of overrides[kind]) {
      if (!has(item, key)) {
        throw invalid(`An ${kind} override for '${key}' was specified but '${key}' is not defined`, context);
      }
    }
  }
  for (const key of known) {
    const entry = item.entries.get(key);
    if (entry === undefined || overrides.append.has(key) || overrides.replace.has(key)) continue;
    const message = `Unexpected key '${key}': no corresponding entry under 'override' is defined.`;
    throw invalid(message, context.inner('overrides', key, entry.value.at));
  }
}
