import { nameOf, parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NamedPackage, type NameReader } from '../../named-packages.ts';

/** `NAME.VERSION` of a folder. */
function parseFolder(path: string): NamedPackage | undefined {
  const folder = nameOf(parentOf(path));
  const dot = folder.indexOf('.');
  return dot <= 0 ? undefined : { name: folder.slice(0, dot), version: folder.slice(dot + 1) };
}

/** The folder has name and version; the file has the licence. */
const readPackage: NameReader = function* readPackage(text, { entry }) {
  const one = parseFolder(entry.path);
  const license = /^license:\s*"(?<license>[^"\n]+)"/m.exec(text)?.groups?.['license'];
  if (one !== undefined) yield { ...one, licenses: license === undefined ? [] : [license] };
};

export const cataloger = defineCataloger({
  id: 'ocaml',
  title: 'OCaml packages',
  description: 'What opam installed: `.opam-switch/packages/NAME.VERSION/opam`.',
  references: ['https://opam.ocaml.org/doc/Manual.html'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/opam') && path.includes('/.opam-switch/packages/'),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'ocaml', type: 'opam', entries, tree, readerOf: () => readPackage }),
});
