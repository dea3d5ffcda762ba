import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'authorized-key',
  title: 'key that opens a shell in every container of the image',
  severity: 'high',
  why: 'Whoever has the other half of the key gets in wherever this image runs with an SSH server.',
  fix: 'take the key out of the image',
  vanishes: 'no key were in the image',
  references: docs('https://attack.mitre.org/techniques/T1098/004/'),
  guide: ['C03', 'C13'],
  attack: ['T1098.004'],
  *image({ at, files }) {
    for (const { path, text } of files?.entryPoints ?? []) {
      if (!path.endsWith('/authorized_keys') && !path.endsWith('/authorized_keys2')) continue;
      for (const [index, line] of text.split('\n').slice(0, 100).entries()) {
        const groups = /(?<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+)\s+\S+(?:\s+(?<comment>.*))?$/.exec(
          line.trim(),
        )?.groups;
        if (groups === undefined || line.trim().startsWith('#')) continue;
        yield {
          at: { path: `${at.path}!${path}`, line: index + 1 },
          what: `lets a key of the type ${groups['type'] ?? ''} in (${groups['comment'] ?? 'no comment'})`,
        };
      }
    }
  },
});
