import type { YamlMap, YamlNode } from '../../../../base/yaml-tree.ts';
import type { Context } from './context.ts';
import { invalid, isNull, text } from './decode.ts';
import type { FileResult } from './file-result.ts';
import type { Entry, Exception } from './items.ts';

/** Values of one exception, lists inside of lists counted: aliases can make them grow without end. */
const maxEntries = 1_000_000;

/** The exceptions of a rule; when it is appended to, fields may be left out. */
export function readExceptions(item: YamlMap, parent: Context, isAppend: boolean, result: FileResult): Exception[] {
  const node = item.entries.get('exceptions')?.value;
  if (node === undefined || isNull(node)) return [];
  const context = parent.inner('exceptions', '', node.at);
  if (node.kind !== 'list') throw invalid('Rule exceptions must be a sequence', context);
  const exceptions: Exception[] = [];
  const names = new Set<string>();
  for (const member of node.items) {
    const unnamed = context.inner('exception', '', member.at);
    if (member.kind !== 'map') throw invalid('Rule exception must be a mapping', unnamed);
    const name = text(member, 'name', unnamed);
    const own = parent.inner('exception', name, member.at);
    if (names.has(name)) {
      const message = `Multiple definitions of exception '${name}' in the same rule`;
      result.warn('LOAD_EXCEPTION_NAME_NOT_UNIQUE', message, own);
    }
    names.add(name);
    exceptions.push(readException(member, name, own, isAppend, result));
  }
  return exceptions;
}

function readException(
  member: YamlMap,
  name: string,
  context: Context,
  isAppend: boolean,
  result: FileResult,
): Exception {
  const budget = { left: maxEntries };
  const fields = readEntry(member, 'fields', context, budget);
  if (fields === undefined && !isAppend) throw invalid("Item has no mapping for key 'fields'", context);
  const comps = readEntry(member, 'comps', context, budget);
  const node = member.entries.get('values')?.value;
  const values: Entry[] = [];
  if (node !== undefined) {
    const outer = context.inner('exception values', '', node.at);
    if (node.kind !== 'list') throw invalid('Rule exception values must be a sequence', outer);
    for (const value of node.items) {
      values.push(entryOf(value, outer.inner('exception value', '', value.at), '', budget));
    }
  } else if (isAppend) {
    result.warn('LOAD_APPEND_NO_VALUES', 'Overriding/appending exception with no values', context);
  }
  return { name, fields, comps: comps === undefined ? undefined : normalised(comps), values, context };
}

/** Operators may be padded, and their words stand any number of blanks apart. */
function normalised(comps: Entry): Entry {
  return typeof comps === 'string' ? comps.trim().replaceAll(/\s+/g, ' ') : comps.map(normalised);
}

function readEntry(item: YamlMap, key: string, context: Context, budget: { left: number }): Entry | undefined {
  const node = item.entries.get(key)?.value;
  return node === undefined ? undefined : entryOf(node, context, key, budget);
}

function entryOf(node: YamlNode, parent: Context, key: string, budget: { left: number }): Entry {
  const context = parent.inner('value for', key, node.at);
  budget.left--;
  if (budget.left < 0) throw invalid(`exception has more than ${maxEntries} values`, context);
  if (node.kind === 'list') {
    return node.items.map((member) => entryOf(member, context.inner('exception', '', member.at), '', budget));
  }
  if (node.kind === 'map') return [];
  if (node.source === '' && !isNull(node)) throw invalid('Value must be non-empty', context);
  return node.source;
}
