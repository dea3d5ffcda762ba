import { readYaml, type YamlEntry, type YamlMap, type YamlNode } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { SigmaDocument } from '../model.ts';
import { textOf } from './attributes.ts';
import { readCorrelation } from './correlation.ts';
import type { Faults } from './metadata.ts';
import { readFilter, readRule } from './rule.ts';

/** One document of a file: what it says, and what is wrong with it. `title` is known even when the rule is not usable. */
export interface ReadDocument extends Faults {
  readonly title: string | undefined;
  readonly document: SigmaDocument | undefined;
}

/** Documents of one file: more would be no rule file. */
const maxDocuments = 10_000;

/**
 * Reads the rules, correlations and filters of one file, several in YAML documents behind `---`. Collections of the old
 * form are understood: `action: global` gives attributes to all that follow, `reset` ends that, `repeat` is the rule
 * before with changes.
 */
export function readSigmaFile(text: string): ReadDocument[] {
  const read: ReadDocument[] = [];
  const collection = new Collection();
  for (const [index, parsed] of readYaml(text).entries()) {
    if (index === maxDocuments) {
      const at = 'root' in parsed ? parsed.root.at : parsed.fault.at;
      read.push(broken(new SigmaError('SigmaCollectionError', `more than ${maxDocuments} documents`, at)));
      break;
    }
    if ('fault' in parsed) {
      read.push(broken(new SigmaError('SigmaYamlError', parsed.fault.message, parsed.fault.at)));
      continue;
    }
    if (parsed.root.kind === 'scalar' && parsed.root.value === null) continue;
    const map = collection.next(parsed.root);
    if (map instanceof SigmaError) read.push(broken(map));
    else if (map !== undefined) read.push(readDocument(map));
  }
  return read;
}

function broken(error: SigmaError): ReadDocument {
  return { title: undefined, document: undefined, errors: [error], warnings: [] };
}

function readDocument(map: YamlMap): ReadDocument {
  const faults: Faults = { errors: [], warnings: [] };
  const title = textOf(map.entries.get('title')?.value);
  return { title, document: readKind(map, faults), ...faults };
}

function readKind(map: YamlMap, faults: Faults): SigmaDocument | undefined {
  if (map.entries.has('correlation')) return readCorrelation(map, faults);
  return map.entries.has('filter') ? readFilter(map, faults) : readRule(map, faults);
}

class Collection {
  #global: YamlMap | undefined;
  #previous: YamlMap | undefined;

  /** The whole document that a part stands for; undefined for parts that only prepare others. */
  next(root: YamlNode): YamlMap | SigmaError | undefined {
    if (root.kind !== 'map') return new SigmaError('SigmaCollectionError', 'the document is no map', root.at);
    const action = root.entries.get('action');
    switch (action === undefined ? undefined : (textOf(action.value) ?? '')) {
      case undefined:
        this.#previous = root;
        return this.#whole(root);
      case 'global':
        this.#global = root;
        return undefined;
      case 'reset':
        this.#global = undefined;
        return undefined;
      case 'repeat':
        if (this.#previous === undefined) {
          return new SigmaError('SigmaCollectionError', '"action: repeat" has no rule before it', root.at);
        }
        this.#previous = merge(this.#previous, root);
        return this.#whole(this.#previous);
      default:
        return new SigmaError('SigmaCollectionError', '"action" is global, reset or repeat', root.at);
    }
  }

  #whole(map: YamlMap): YamlMap {
    return this.#global === undefined ? map : { ...merge(this.#global, map), at: map.at };
  }
}

/** Maps grow together; for anything else, what `over` says counts. */
function merge(under: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map<string, YamlEntry>(under.entries);
  entries.delete('action');
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    const isBoth = below?.value.kind === 'map' && entry.value.kind === 'map';
    if (key !== 'action') entries.set(key, isBoth ? { ...entry, value: merge(below.value, entry.value) } : entry);
  }
  return { kind: 'map', entries, at: over.at };
}
