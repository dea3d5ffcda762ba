import { defineCataloger } from '../../cataloger.ts';
import { asObject, asText } from '../../json.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

const readSnap: NameReader = function* readSnap(text) {
  const meta = asObject(yamlTexts(text));
  const [name, version] = ['name', 'version'].map((key) => asText(meta[key]));
  const license = asText(meta['license']);
  if (name === undefined || version === undefined) return;
  yield { name, version, licenses: license === undefined ? [] : [license] };
};

export const cataloger = defineCataloger({
  id: 'snap',
  title: 'Snaps',
  description: 'Mounted or unpacked snaps, by `meta/snap.yaml`.',
  references: ['https://snapcraft.io/docs/snap-format'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/meta/snap.yaml'),
  catalog: (entries, { tree }) => catalogNames({ id: 'snap', type: 'snap', entries, tree, readerOf: () => readSnap }),
});
