import type { YamlMap, YamlNode } from '../../../../base/yaml-tree.ts';
import { LoadError, type Context } from './context.ts';
import { has, invalid, optionalBoolean, text, texts } from './decode.ts';
import type { FileResult } from './file-result.ts';
import { readOverrides, type Overrides } from './overrides.ts';
import { readRule } from './read-rule.ts';
import { appendIsDeprecated, checkKeys, overrideAndAppend, type ReadTarget } from './read-target.ts';
import { parseEngineVersion, parseVersion } from './version.ts';

const listNames = '([^()"\'[:space:]=,]+)';
const macroNames = '([a-zA-Z]+[a-zA-Z0-9_]*)';
/** Reads one item of a rules file into the collector. Throws `LoadError` for what is not valid. */
export function readItem(item: YamlNode, parent: Context, target: ReadTarget): void {
  if (item.kind !== 'map') {
    const message = 'Unexpected element type. Each element should be a yaml associative array.';
    throw invalid(message, parent.inner('rules content item', '', item.at));
  }
  if (has(item, 'required_engine_version')) readEngineVersion(item, parent, target);
  else if (has(item, 'required_plugin_versions')) readPluginVersions(item, parent, target);
  else if (has(item, 'list')) readList(item, parent, target);
  else if (has(item, 'macro')) readMacro(item, parent, target);
  else if (has(item, 'rule')) readRule(item, parent, target);
  else {
    target.result.warn('LOAD_UNKNOWN_ITEM', 'Unknown top level item', parent.inner('rules content item', '', item.at));
  }
}

function readEngineVersion(item: YamlMap, parent: Context, { collector, result }: ReadTarget): void {
  const context = parent.inner('required_engine_version', '', item.at);
  checkKeys(item, 'required_engine_version', context, result);
  const wanted = text(item, 'required_engine_version', context);
  const version = parseEngineVersion(wanted);
  if (version === undefined) {
    const message = `Unable to parse engine version '${wanted}' as a semver string. Expected "x.y.z" semver format.`;
    throw invalid(message, context);
  }
  collector.requireEngine(version, context);
}

function readPluginVersions(item: YamlMap, parent: Context, target: ReadTarget): void {
  const node = item.entries.get('required_plugin_versions')?.value ?? item;
  const context = parent.inner('required plugin versions', '', node.at);
  checkKeys(item, 'required_plugin_versions', context, target.result);
  if (node.kind !== 'list') throw invalid('Value of required_plugin_versions must be a sequence', context);
  for (const plugin of node.items) {
    const type = 'required plugin versions entry';
    if (plugin.kind !== 'map') {
      throw invalid('Plugin version must be a mapping', context.inner(type, '', plugin.at));
    }
    readRequirement(plugin, context, type, target);
    const alternatives = plugin.entries.get('alternatives')?.value;
    if (alternatives === undefined) continue;
    const own = context.inner(type, text(plugin, 'name', context), plugin.at);
    if (alternatives.kind !== 'list') {
      throw invalid('Value of plugin version alternatives must be a sequence', own);
    }
    for (const alternative of alternatives.items) {
      const inner = 'required plugin versions alternative';
      if (alternative.kind !== 'map') {
        throw invalid('Plugin version alternative must be a mapping', own.inner(inner, '', alternative.at));
      }
      readRequirement(alternative, own, inner, target);
    }
  }
}

function readRequirement(
  node: YamlMap,
  parent: Context,
  type: 'required plugin versions entry' | 'required plugin versions alternative',
  target: ReadTarget,
): void {
  const name = text(node, 'name', parent.inner(type, '', node.at));
  const context = parent.inner(type, name, node.at);
  const version = text(node, 'version', context);
  if (parseVersion(version) === undefined) {
    throw new LoadError('LOAD_ERR_VALIDATE', `Invalid required version '${version}' for plugin '${name}'`, context);
  }
  target.onPlugin(name);
}

/** What an item with one thing to override does: append it or define it anew. */
function isAppended(item: YamlMap, key: string, context: Context, result: FileResult): boolean {
  const append = optionalBoolean(item, 'append', false, context);
  if (append) result.warn('LOAD_DEPRECATED_ITEM', appendIsDeprecated, context);
  const overrides: Overrides | undefined = readOverrides(item, context, [key], [key]);
  if (append && overrides !== undefined) throw invalid(overrideAndAppend, context);
  return append || overrides?.append.has(key) === true;
}

function readList(item: YamlMap, parent: Context, { collector, result }: ReadTarget): void {
  const name = text(item, 'list', parent.inner('list', '', item.at));
  const context = parent.inner('list', name, item.at);
  checkKeys(item, 'list', context, result);
  if (!/^[^()"'\s=,]+$/.test(name)) {
    const message = `List has an invalid name. List names should match a regular expression: ${listNames}`;
    result.warn('LOAD_INVALID_LIST_NAME', message, context);
  }
  const items = texts(item, 'items', context);
  if (items === undefined) throw invalid("Item has no mapping for key 'items'", context);
  const list = { name, items, context };
  if (isAppended(item, 'items', context, result)) collector.appendList(list);
  else collector.defineList(list);
}

function readMacro(item: YamlMap, parent: Context, { collector, result }: ReadTarget): void {
  const name = text(item, 'macro', parent.inner('macro', '', item.at));
  const context = parent.inner('macro', name, item.at);
  checkKeys(item, 'macro', context, result);
  if (!/^[a-zA-Z]+[a-zA-Z0-9_]*$/.test(name)) {
    const message = `Macro has an invalid name. Macro names should match a regular expression: ${macroNames}`;
    result.warn('LOAD_INVALID_MACRO_NAME', message, context);
  }
  const condition = text(item, 'condition', context);
  const at = item.entries.get('condition')?.value.at ?? item.at;
  const macro = { name, condition, context, conditionContext: context.inner('macro condition', '', at) };
  if (isAppended(item, 'condition', context, result)) collector.appendMacro(macro);
  else collector.defineMacro(macro);
}
