import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'dns_resolvers',
  title: 'Resolvers and search domains',
  description: 'From `/etc/resolv.conf`.',
  columns: { id: 'integer', type: 'text', address: 'text', netmask: 'text', options: 'bigint' },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    const ids = { nameserver: 0, sortlist: 0, search: 0 };
    const options = optionsOf(context.lines('/etc/resolv.conf'));
    for (const line of context.lines('/etc/resolv.conf')) {
      const [word = '', ...values] = line
        .replace(/[#;].*/, '')
        .trim()
        .split(/\s+/);
      if (word === 'nameserver') {
        yield { id: ids.nameserver++, type: 'nameserver', address: values[0] ?? '', netmask: '32', options };
      } else if (word === 'sortlist') {
        for (const value of values) {
          const [address = '', netmask = ''] = value.split('/');
          yield { id: ids.sortlist++, type: 'sortlist', address, netmask, options };
        }
      } else if (word === 'search' || word === 'domain') {
        for (const address of values) yield { id: ids.search++, type: 'search', address, netmask: '', options };
      }
    }
  },
});

/** Bits of resolv.h: recursion, default names and search are on by default. */
const byDefault = 0x40 | 0x80 | 0x200;
const bits: Readonly<Record<string, number>> = {
  debug: 0x02,
  rotate: 0x4000,
  'no-check-names': 0x8000,
  edns0: 0x100000,
};

function optionsOf(lines: readonly string[]): number {
  let all = byDefault;
  for (const line of lines) {
    if (!line.startsWith('options')) continue;
    for (const option of line.split(/\s+/).slice(1)) all |= bits[option] ?? 0;
  }
  return all;
}
