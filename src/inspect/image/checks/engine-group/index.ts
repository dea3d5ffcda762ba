import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'engine-group',
  title: 'user who rules the engine',
  severity: 'medium',
  why: 'A member of this group mounts the whole disk into a container and is root without a password.',
  fix: 'take the user out of the group (`gpasswd -d USER docker`), and use a rootless engine or sudo',
  vanishes: 'the user were not in the group',
  references: cis('1.1.2'),
  guide: ['C07'],
  attack: ['T1548', 'T1611'],
  *engine({ groupMembers }) {
    for (const { value, at } of groupMembers) {
      yield {
        at,
        what: `lets ${value} use its socket (group ${at.pointer ?? ''}), which is as good as root`,
        entities: [{ kind: 'user', value }],
      };
    }
  },
});
