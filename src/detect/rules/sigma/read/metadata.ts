import type { YamlEntry, YamlMap, YamlNode } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import { sigmaLevels, type Logsource, type SigmaLevel, type SigmaMetadata } from '../model.ts';
import { readMap, readText, readTexts, textOf } from './attributes.ts';

/** What reading a document found wrong: errors keep the rule from being used, warnings do not. */
export interface Faults {
  readonly errors: SigmaError[];
  readonly warnings: SigmaError[];
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const isoDate = /^\d{4}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01])$/;
const statuses: ReadonlySet<string> = new Set(['stable', 'test', 'experimental', 'deprecated', 'unsupported']);
const relations: ReadonlySet<string> = new Set(['derived', 'obsolete', 'merged', 'renamed', 'similar']);
const maxTitle = 256;

/** Attributes that the specification names; all others are the author's own. */
const known: ReadonlySet<string> = new Set(
  (
    'title id name status level description author date modified license taxonomy references reference tags fields ' +
    'falsepositives scope related logsource detection correlation filter generate action'
  ).split(' '),
);

/** Attributes that all kinds of documents have. A title must be there; what else is wrong is told and left out. */
export function readMetadata(map: YamlMap, faults: Faults): SigmaMetadata {
  const reader = new MetadataReader(map, faults);
  return {
    title: reader.title(),
    id: reader.checked('id', 'SigmaIdentifierError', 'a UUID', (text) => uuid.test(text))?.toLowerCase(),
    name: reader.text('name'),
    status: reader.checked('status', 'SigmaMetadataError', 'a status of the specification', (text) =>
      statuses.has(text),
    ),
    level: reader.level(),
    description: reader.text('description'),
    author: reader.author(),
    date: reader.checked('date', 'SigmaMetadataError', 'a date (YYYY-MM-DD)', (text) => isoDate.test(text)),
    modified: reader.checked('modified', 'SigmaMetadataError', 'a date (YYYY-MM-DD)', (text) => isoDate.test(text)),
    license: reader.text('license'),
    taxonomy: reader.text('taxonomy') ?? 'sigma',
    references: reader.texts(map.entries.has('references') ? 'references' : 'reference'),
    tags: reader.texts('tags'),
    fields: reader.texts('fields'),
    falsepositives: reader.texts('falsepositives'),
    scope: reader.texts('scope'),
    related: reader.related(),
    custom: new Map<string, YamlNode>(
      [...map.entries].filter(([key]) => !known.has(key)).map(([key, entry]) => [key, entry.value]),
    ),
    at: map.at,
  };
}

class MetadataReader {
  readonly #map: YamlMap;
  readonly #faults: Faults;

  constructor(map: YamlMap, faults: Faults) {
    this.#map = map;
    this.#faults = faults;
  }

  title(): string {
    const text = textOf(this.#map.entries.get('title')?.value);
    if (text === undefined || text === '') {
      this.#faults.errors.push(new SigmaError('SigmaTitleError', 'the document has no title', this.#map.at));
    } else if (text.length > maxTitle) {
      const message = `the title is longer than ${maxTitle} characters`;
      this.#faults.warnings.push(new SigmaError('SigmaTitleError', message, this.#map.at));
    }
    return text ?? '';
  }

  text(key: string): string | undefined {
    return this.#warned(() => readText(this.#map, key, 'SigmaMetadataError'));
  }

  texts(key: string): string[] {
    return this.#warned(() => readTexts(this.#map, key, 'SigmaMetadataError')) ?? [];
  }

  author(): string | undefined {
    const authors = this.texts('author');
    return authors.length === 0 ? undefined : authors.join(', ');
  }

  checked(
    key: string,
    code: 'SigmaIdentifierError' | 'SigmaMetadataError',
    what: string,
    isGood: (text: string) => boolean,
  ): string | undefined {
    const text = this.text(key);
    if (text === undefined || isGood(text)) return text;
    const at = this.#map.entries.get(key)?.keyAt ?? this.#map.at;
    this.#faults.warnings.push(new SigmaError(code, `"${key}" is not ${what}: ${JSON.stringify(text)}`, at));
    return undefined;
  }

  level(): SigmaLevel | undefined {
    const isLevel = (text: string): boolean => (sigmaLevels as readonly string[]).includes(text.toLowerCase());
    const text = this.checked('level', 'SigmaMetadataError', 'a level of the specification', isLevel);
    return text?.toLowerCase() as SigmaLevel | undefined;
  }

  related(): { readonly id: string; readonly type: string }[] {
    const entry = this.#map.entries.get('related');
    if (entry === undefined) return [];
    return this.#warned(() => readRelated(entry)) ?? [];
  }

  #warned<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      this.#faults.warnings.push(error);
      return undefined;
    }
  }
}

function readRelated(entry: YamlEntry): { readonly id: string; readonly type: string }[] {
  const nodes = entry.value.kind === 'list' ? entry.value.items : [];
  return nodes.map((node) => {
    const id = node.kind === 'map' ? textOf(node.entries.get('id')?.value) : undefined;
    const type = node.kind === 'map' ? textOf(node.entries.get('type')?.value) : undefined;
    if (id === undefined || type === undefined || !relations.has(type)) {
      throw new SigmaError('SigmaMetadataError', 'an entry of "related" needs an id and a type', node.at);
    }
    return { id: id.toLowerCase(), type };
  });
}

/** A log source names at least one of category, product and service. */
export function readLogsource(map: YamlMap): Logsource {
  const section = readMap(map, 'logsource', 'SigmaLogsourceError');
  const part = (key: string): string | undefined => readText(section, key, 'SigmaLogsourceError');
  const [category, product, service, definition] = ['category', 'product', 'service', 'definition'].map((key) =>
    textOf(section.entries.get(key)?.value) === undefined ? undefined : part(key),
  );
  if (category === undefined && product === undefined && service === undefined) {
    throw new SigmaError('SigmaLogsourceError', 'the log source names no category, product or service', section.at);
  }
  return {
    ...(category === undefined ? {} : { category }),
    ...(product === undefined ? {} : { product }),
    ...(service === undefined ? {} : { service }),
    ...(definition === undefined ? {} : { definition }),
  };
}
