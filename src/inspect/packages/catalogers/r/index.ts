import { defineCataloger } from '../../cataloger.ts';
import { asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';
import { readStanzas } from '../../stanzas.ts';

/** `DESCRIPTION` of a package: only of an installed one it says how it was built. */
const readDescription: NameReader = function* readDescription(text) {
  const [stanza] = readStanzas(text);
  const field = (name: string): string | undefined => stanza?.fields.get(name)?.trim();
  const name = field('package');
  const version = field('version');
  if (name === undefined || version === undefined) return;
  const license = field('license');
  const isInstalled = field('built') !== undefined;
  yield { name, version, licenses: license === undefined ? [] : [license], isProject: isInstalled ? undefined : true };
};

const readRenvLock: NameReader = function* readRenvLock(text) {
  for (const one of Object.values(asObject(asObject(JSON.parse(text))['Packages'])).map(asObject)) {
    const name = asText(one['Package']);
    const version = asText(one['Version']);
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

const { readerOf, wants } = readerByName({ DESCRIPTION: readDescription, 'renv.lock': readRenvLock });

export const cataloger = defineCataloger({
  id: 'r',
  title: 'R packages',
  description:
    'Installed packages by their `DESCRIPTION`, with licence, and `renv.lock`. A source that was not built is a project.',
  references: ['https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'r', type: 'cran', entries, tree, readerOf }),
});
