import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';

export const table = defineHostTable({
  id: 'ssh_configs',
  title: 'Options of SSH clients',
  description:
    'From `.ssh/config` of every account, and from `/etc/ssh/ssh_config` with the uid 0. In lower case, as osquery gives them.',
  columns: { uid: 'bigint', block: 'text', option: 'text', ssh_config_file: 'text' },
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    const files = usersOf(context, constraints).map(({ uid, home }) => ({ uid, path: `${home}/.ssh/config` }));
    for (const { uid, path } of [...files, { uid: 0, path: '/etc/ssh/ssh_config' }]) {
      let block = '';
      for (const line of context.lines(path)) {
        const option = line.trim().toLowerCase();
        if (option === '' || option.startsWith('#')) continue;
        if (/^(?:host|match)\s/.test(option)) block = option;
        else yield { uid, block, option, ssh_config_file: path };
      }
    }
  },
});
