import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { nameOf } from '../../../tree/tree.ts';

const store = '/nix/store';

export const cataloger = defineCataloger({
  id: 'nix',
  title: 'Nix packages',
  description: 'Folders of the store, `nix/store/HASH-NAME-VERSION`. Several outputs of one package are one.',
  references: ['https://nix.dev/manual/nix/stable/store/store-path.html'],
  guide: ['C25'],
  // The names of the folders tell all: no file needs to be looked at.
  wants: () => false,
  catalog(_entries, { tree }) {
    const findings = new Findings();
    const known = new Set<string>();
    for (const { path, type, layer } of tree.list(store)) {
      const found = type === 'directory' ? parseStoreName(nameOf(path)) : undefined;
      const key = JSON.stringify(found);
      if (found === undefined || known.has(key)) continue;
      known.add(key);
      const purl = purlOf('nix', found.name, found.version);
      findings.add({ ...found, type: 'nix', purl, locations: [path], layer, foundBy: 'nix' });
    }
    return findings.done();
  },
});

/** Outputs that a name may end in, beside the main one. */
const outputEnd = /-(?:bin|dev|out|lib|man|doc|info|debug|static|devdoc|dist|devman|py|data|getent)$/;

/** 32 signs of base 32, a dash, and a name whose version begins with a number (nix-env's parseDrvName). */
function parseStoreName(text: string): { readonly name: string; readonly version: string } | undefined {
  const { full = '' } = /^[0-9abcdfghijklmnpqrsvwxyz]{32}-(?<full>[\w.+?=-]{1,211})$/.exec(text)?.groups ?? {};
  const plain = full.replace(outputEnd, '');
  const { name, version } = /^(?<name>.+?)-(?<version>\d[^-]*(?:-.*)?)$/.exec(plain)?.groups ?? {};
  return name === undefined || version === undefined || full.endsWith('.drv') ? undefined : { name, version };
}
