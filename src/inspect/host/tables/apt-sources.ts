import { defineHostTable } from '../table.ts';
import { readAptSources, type AptSource } from '../apt-sources.ts';
import { nameOf } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'apt_sources',
  title: 'Where apt takes packages from',
  description:
    'From `/etc/apt/sources.list`, `sources.list.d/*.list` and `*.sources`; release, version and the like from the lists that apt fetched. Unlike osquery, a source whose lists were never fetched is a row too.',
  columns: {
    name: 'text',
    source: 'text',
    base_uri: 'text',
    release: 'text',
    version: 'text',
    maintainer: 'text',
    components: 'text',
    architectures: 'text',
  },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    const lists = context.tree.list('/var/lib/apt/lists').map(({ path }) => path);
    for (const { file, uri, suite } of readAptSources(context)) {
      const name = `${uri.replace(/^[^/]*:\/\//, '')} ${suite}`;
      const facts = releaseFacts(context, lists, { file, uri, suite });
      yield {
        name,
        source: file,
        base_uri: uri,
        release: facts.get('Codename') ?? null,
        version: facts.get('Version') ?? null,
        maintainer: facts.get('Origin') ?? null,
        components: facts.get('Components') ?? null,
        architectures: facts.get('Architectures') ?? null,
      };
    }
  },
});

/** Head of the Release file of a source. Its name is the address with `_` for `/`. */
function releaseFacts(context: TableContext, lists: readonly string[], { uri, suite }: AptSource): Map<string, string> {
  const place = suite.endsWith('/') ? suite.slice(0, -1) : `dists/${suite}`;
  const start = `${uri.replace(/^[^/]*:\/\//, '')}/${place}`.replaceAll('/', '_');
  const file = lists.find((path) => nameOf(path).startsWith(`${start}_`) && path.endsWith('Release'));
  const facts = new Map<string, string>();
  if (file === undefined) return facts;
  for (const line of context.lines(file)) {
    if (line.startsWith('MD5Sum:') || line.startsWith('SHA256:')) break;
    const colon = line.indexOf(': ');
    if (colon > 0) facts.set(line.slice(0, colon), line.slice(colon + 2).trim());
  }
  return facts;
}
