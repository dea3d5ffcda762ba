import { readYaml, type YamlNode } from '../../../../base/yaml-tree.ts';
import { catalogOf, pluginSources } from '../fields/sources.ts';
import type { FieldCatalog } from '../fields/catalog.ts';
import { Collector } from './collector.ts';
import { compileRules } from './compile-rules.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { Context, LoadError } from './context.ts';
import { invalid, isNull } from './decode.ts';
import { FileResult } from './file-result.ts';
import type { ExtraOutput } from './outputs.ts';
import { readItem } from './read-items.ts';
import type { ReadTarget } from './read-target.ts';
import { schemaFaults } from './schema.ts';

export interface LoaderOptions {
  /** Sources of events that are there; those that files ask for by their plug-in come on top. */
  readonly sources: readonly string[];
  readonly extraOutput: ExtraOutput;
}

export interface LoadedFiles {
  readonly results: readonly FileResult[];
  /** The rules after the last file; none when any file has an error in it. */
  readonly rules: readonly CompiledRule[];
  readonly contents: ReadonlyMap<string, string>;
}

/**
 * Loads rules files in their order, as Falco does: after each file everything so far is compiled, and what is wrong then
 * is told of that file.
 */
export function loadFiles(
  files: readonly { readonly path: string; readonly text: string }[],
  options: LoaderOptions,
): LoadedFiles {
  const sources = new Map<string, FieldCatalog>(options.sources.map((id) => [id, catalogOf(id)]));
  const collector = new Collector(sources);
  const contents = new Map(files.map(({ path, text }) => [path, text]));
  const results: FileResult[] = [];
  let rules: CompiledRule[] = [];
  for (const { path, text } of files) {
    const result = new FileResult(path);
    results.push(result);
    const onPlugin = (name: string): void => {
      const id = pluginSources.get(name);
      if (id !== undefined && !sources.has(id)) sources.set(id, catalogOf(id));
    };
    if (!readFile(text, { collector, result, onPlugin })) continue;
    rules = compileRules(collector, sources, result, options.extraOutput);
  }
  return { results, rules: results.every((result) => result.isSuccessful) ? rules : [], contents };
}

/** Reads a file's items; false when it has an error. */
function readFile(text: string, target: ReadTarget): boolean {
  const { result } = target;
  const context = Context.ofFile(result.name);
  const roots: YamlNode[] = [];
  for (const document of readYaml(text, { duplicateKeys: 'first' })) {
    if ('fault' in document) {
      const { message, at } = document.fault;
      result.error('LOAD_ERR_YAML_PARSE', message, context.inner('value for', '', at));
      return false;
    }
    if (!isNull(document.root)) roots.push(document.root);
  }
  result.schemaWarnings = roots.flatMap(schemaFaults);
  try {
    for (const root of roots) readDocument(root, context, target);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    result.error(error.code, error.message, error.context);
    return false;
  }
  return true;
}

function readDocument(root: YamlNode, context: Context, target: ReadTarget): void {
  if (root.kind === 'scalar') throw invalid('Rules content is not yaml', context);
  if (root.kind !== 'list') throw invalid('Rules content is not yaml array of objects', context);
  for (const item of root.items) if (!isNull(item)) readItem(item, context, target);
}
