import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

/** One installed package. */
const readMeta: NameReader = function* readMeta(text) {
  const meta = asObject(JSON.parse(text));
  const name = asText(meta['name']);
  const version = asText(meta['version']);
  const license = asText(meta['license']);
  if (name === undefined || version === undefined) return;
  yield { name, version, licenses: license === undefined ? [] : [license] };
};

/** Of the wanted packages those with one version: `name=1.0[=build]`, `name==1.0`. */
const readEnvironment: NameReader = function* readEnvironment(text) {
  for (const wanted of asList(asObject(yamlTexts(text))['dependencies'])) {
    const pattern = /^(?:[^\s:]+::)?(?<name>[\w.-]+)\s*={1,2}\s*(?<version>\d[\w.!+-]*)(?:=\S+)?$/;
    const { name, version } = pattern.exec(asText(wanted)?.slice(0, 512) ?? '')?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

function readerOf({ path }: TreeEntry): NameReader | undefined {
  if (path.endsWith('.json')) return path.includes('/conda-meta/') ? readMeta : undefined;
  return /^environment\.ya?ml$/.test(nameOf(path)) ? readEnvironment : undefined;
}

export const cataloger = defineCataloger({
  id: 'conda',
  title: 'Conda packages',
  description: 'Installed packages by `conda-meta/*.json`, and of `environment.yaml` the ones with one version.',
  references: ['https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html'],
  guide: ['C25'],
  wants: (entry) => readerOf(entry) !== undefined,
  catalog: (entries, { tree }) => catalogNames({ id: 'conda', type: 'conda', entries, tree, readerOf }),
});
