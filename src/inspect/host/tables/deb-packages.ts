import { defineHostTable } from '../table.ts';
import type { TableContext } from '../table-context.ts';
import { readStanzas } from '../../packages/stanzas.ts';

const admindir = '/var/lib/dpkg';
const maxBytes = 2 ** 28;

export const table = defineHostTable({
  id: 'deb_packages',
  title: 'Packages that dpkg knows',
  description:
    'From `/var/lib/dpkg/status`; `size` is in kibibytes, as dpkg has it. Packages that are not installed are left out.',
  columns: {
    name: 'text',
    version: 'text',
    source: 'text',
    size: 'bigint',
    arch: 'text',
    revision: 'text',
    status: 'text',
    maintainer: 'text',
    section: 'text',
    priority: 'text',
    admindir: 'text',
  },
  hidden: { pid_with_namespace: 'integer', mount_namespace_id: 'text' },
  needs: 'root',
  *rows(context) {
    const offered = readOffered(context);
    for (const { fields } of readStanzas(context.text(`${admindir}/status`, maxBytes) ?? '')) {
      const name = fields.get('package') ?? '';
      const version = fields.get('version') ?? '';
      const status = fields.get('status') ?? '';
      if (name === '' || status.endsWith(' not-installed')) continue;
      const dash = version.lastIndexOf('-');
      yield {
        name,
        version,
        source: fields.get('source') ?? '',
        size: Number(fields.get('installed-size') ?? 0),
        arch: fields.get('architecture') ?? '',
        revision: dash < 0 ? '' : version.slice(dash + 1),
        status,
        maintainer: fields.get('maintainer') ?? '',
        section: offered.get(name)?.get('section') ?? fields.get('section') ?? '',
        priority: offered.get(name)?.get('priority') ?? fields.get('priority') ?? '',
        admindir,
      };
    }
  },
});

/** What `available` says of section and priority counts for dpkg before what the installed package says. */
function readOffered(context: TableContext): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const offered = new Map<string, ReadonlyMap<string, string>>();
  for (const { fields } of readStanzas(context.text(`${admindir}/available`, maxBytes) ?? '')) {
    offered.set(fields.get('package') ?? '', fields);
  }
  return offered;
}
