import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** `node_modules/NAME/package.json`, and nothing deeper: packages carry manifests of tests and examples. */
const installedPath = /\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;

const readManifest: NameReader = function* readManifest(text, { entry }) {
  const manifest = asObject(JSON.parse(text));
  const name = asText(manifest['name']);
  const version = asText(manifest['version']);
  if (name === undefined || version === undefined) return;
  const isProject = installedPath.test(entry.path) ? undefined : true;
  yield { name, version, licenses: licensesOf(manifest), isProject };
};

/** `license` is an expression; older manifests have `{type}` there, or a list of them under `licenses`. */
function licensesOf(manifest: Readonly<Record<string, unknown>>): string[] {
  const parts = [manifest['license'], ...asList(manifest['licenses'])];
  return parts.map((part) => asText(part) ?? asText(asObject(part)['type'])).filter((license) => license !== undefined);
}

export const cataloger = defineCataloger({
  id: 'node',
  title: 'Installed Node.js packages',
  description:
    '`package.json` in `node_modules/NAME/`: what is installed. Any other one with name and version is the manifest of an application, an extension of an editor or an example, which is listed as a project and matched with no advisory.',
  references: ['https://docs.npmjs.com/cli/configuring-npm/package-json'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/package.json'),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'node', type: 'npm', entries, tree, readerOf: () => readManifest }),
});
