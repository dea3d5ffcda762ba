import { defineCataloger } from '../../cataloger.ts';
import { asObject, asText } from '../../json.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** A manifest of an extension says for which editor it is. */
const readExtension: NameReader = function* readExtension(text) {
  const manifest = asObject(JSON.parse(text));
  const [publisher, name, version] = ['publisher', 'name', 'version'].map((key) => asText(manifest[key]));
  if (publisher === undefined || name === undefined || version === undefined) return;
  if (asText(asObject(manifest['engines'])['vscode']) === undefined) return;
  const license = asText(manifest['license']);
  yield { name: `${publisher}/${name}`, version, licenses: license === undefined ? [] : [license] };
};

export const cataloger = defineCataloger({
  id: 'vscode',
  title: 'Extensions of Visual Studio Code',
  description:
    'Extensions that are installed for Visual Studio Code, VSCodium and code-server: `extensions/*/package.json` with an engine `vscode`. Malicious ones are known by advisories of OSV.',
  references: ['https://code.visualstudio.com/api/references/extension-manifest'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/package.json') && /\/extensions\/[^/]+\/package\.json$/.test(path),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'vscode', type: 'vscode-extension', entries, tree, readerOf: () => readExtension }),
});
