import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { attribute } from '../sysfs.ts';

const root = '/sys/fs/selinux';

export const table = defineHostTable({
  id: 'selinux_settings',
  title: 'Settings of SELinux',
  description: 'From `/sys/fs/selinux`; without SELinux there are none.',
  columns: { scope: 'text', key: 'text', value: 'text' },
  needs: 'live',
  *rows(context) {
    const single = ['checkreqprot', 'deny_unknown', 'enforce', 'mls', 'policyvers', 'reject_unknown'];
    for (const key of single) {
      const value = attribute(context, `${root}/${key}`);
      if (value !== undefined) yield { scope: '', key, value };
    }
    for (const scope of ['booleans', 'policy_capabilities']) {
      for (const { path } of context.tree.list(`${root}/${scope}`)) {
        yield { scope, key: nameOf(path), value: attribute(context, path) ?? '' };
      }
    }
  },
});
