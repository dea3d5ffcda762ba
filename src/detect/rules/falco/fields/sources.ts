import { specsOf } from '../sources/json-source.ts';
import { jsonSources } from '../sources/registry.ts';
import { FieldCatalog } from './catalog.ts';
import { commonFields, containerFields } from './container-fields.ts';
import { readFieldTable } from './field.ts';
import { syscallFields } from './syscall-fields.ts';

/** Source of events that each plug-in of Falco brings; extractors such as `json` bring none of their own. */
export const pluginSources: ReadonlyMap<string, string> = new Map(
  jsonSources.flatMap(({ id, plugins }) => plugins.map((plugin) => [plugin, id] as const)),
);

const catalogs = new Map<string, FieldCatalog>();

/** The fields of a source's events. An unknown source has the common ones. */
export function catalogOf(source: string): FieldCatalog {
  const known = catalogs.get(source);
  if (known !== undefined) return known;
  const catalog = makeCatalog(source);
  catalogs.set(source, catalog);
  return catalog;
}

function makeCatalog(source: string): FieldCatalog {
  if (source === 'syscall') return new FieldCatalog(readFieldTable(syscallFields), readFieldTable(containerFields));
  const json = jsonSources.find(({ id }) => id === source);
  return new FieldCatalog(json === undefined ? [] : specsOf(json), readFieldTable(commonFields));
}
