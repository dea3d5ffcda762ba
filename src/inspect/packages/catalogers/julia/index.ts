import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';
import { parseToml } from '../../toml.ts';

/** Format 2 has the packages below `deps`, format 1 at the top. A package without a version belongs to Julia, and has its version. */
const readManifest: NameReader = function* readManifest(text) {
  const file = parseToml(text);
  const julia = asText(file['julia_version']);
  for (const [name, entries] of Object.entries('deps' in file ? asObject(file['deps']) : file)) {
    for (const entry of asList(entries).map(asObject)) {
      const version = asText(entry['version']) ?? julia;
      const uuid = asText(entry['uuid']);
      if (version !== undefined && uuid !== undefined) yield { name, version, qualifiers: { uuid } };
    }
  }
};

const { readerOf, wants } = readerByName({ 'Manifest.toml': readManifest, 'JuliaManifest.toml': readManifest });

export const cataloger = defineCataloger({
  id: 'julia',
  title: 'Julia packages',
  description: '`Manifest.toml`, formats 1 and 2. Packages with the same name are told apart by their UUID.',
  references: ['https://pkgdocs.julialang.org/v1/toml-files/'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'julia', type: 'julia', entries, tree, readerOf }),
});
