import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'git-volume',
  title: 'volume that a node clones from a repository',
  severity: 'high',
  why: 'The kubelet itself runs git as root of the node: hooks of the repository run there, out of every container (CVE-2024-10220).',
  fix: 'clone in an init container into a volume `emptyDir`',
  vanishes: 'no volume were of the kind gitRepo',
  references: docs('https://kubernetes.io/docs/concepts/storage/volumes/#gitrepo'),
  guide: ['C04'],
  attack: ['T1611', 'T1195.002'],
  *pod({ spec }) {
    for (const volume of spec.get('volumes').items()) {
      const repository = volume.get('gitRepo');
      if (!repository.isThere) continue;
      yield {
        at: repository.place,
        what: `has a volume that its node clones from ${repository.get('repository').text() ?? 'a repository'}`,
      };
    }
  },
});
