import { defineHostTable } from '../table.ts';
import { attribute } from '../sysfs.ts';

export const table = defineHostTable({
  id: 'apparmor_profiles',
  title: 'Profiles of AppArmor that are loaded',
  description: 'From `/sys/kernel/security/apparmor/policy/profiles`.',
  columns: { path: 'text', name: 'text', attach: 'text', mode: 'text', sha1: 'text', sha256: 'text' },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list('/sys/kernel/security/apparmor/policy/profiles')) {
      const read = (name: string): string => attribute(context, `${path}/${name}`) ?? '';
      yield {
        path,
        name: read('name'),
        attach: read('attach'),
        mode: read('mode'),
        sha1: read('sha1'),
        sha256: read('sha256'),
      };
    }
  },
});
