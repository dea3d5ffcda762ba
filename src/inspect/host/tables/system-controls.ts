import { walkTree } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';
import { defineHostTable } from '../table.ts';

const root = '/proc/sys';

export const table = defineHostTable({
  id: 'system_controls',
  title: 'Settings of the kernel',
  description:
    'From `/proc/sys`; `config_value` is what the files of sysctl.d(5) and `/etc/sysctl.conf` ask for. `oid` is empty: Linux has none any more.',
  columns: { name: 'text', oid: 'text', subsystem: 'text', current_value: 'text', config_value: 'text', type: 'text' },
  hidden: { field_name: 'text' },
  needs: 'live',
  *rows(context) {
    const configured = readConfigured(context);
    for (const { path, type, mode } of walkTree(context.tree, root)) {
      if (type !== 'file' || (mode & 0o444) === 0) continue;
      const name = path.slice(root.length + 1).replaceAll('/', '.');
      yield {
        name,
        oid: '',
        subsystem: name.slice(0, name.indexOf('.')),
        // Some have no value until they are set, and say so with an error.
        current_value: context.proc.text(path.slice('/proc/'.length)).trim(),
        config_value: configured.get(name) ?? '',
        type: '',
      };
    }
  },
});

/** The last file by name wins; a file of /etc stands for one of the same name below. */
function readConfigured(context: TableContext): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['/usr/lib/sysctl.d', '/run/sysctl.d', '/etc/sysctl.d']) {
    for (const { path } of context.tree.list(folder)) {
      if (path.endsWith('.conf')) files.set(path.slice(path.lastIndexOf('/') + 1), path);
    }
  }
  const ordered = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const values = new Map<string, string>();
  for (const path of [...ordered, '/etc/sysctl.conf']) {
    for (const line of context.lines(path)) {
      const fields = /^\s*-?(?<name>[^\s#;=][^=]*?)\s*=\s*(?<value>.*?)\s*$/.exec(line)?.groups;
      if (fields !== undefined) values.set((fields['name'] ?? '').replaceAll('/', '.'), fields['value'] ?? '');
    }
  }
  return values;
}
