import { defineCheck } from '../../check.ts';
import { originReasons, whereIs } from '../_shared/file-faults.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'yara',
  title: 'file that a rule of YARA knows',
  severity: 'high',
  why: 'Somebody wrote the rule down because of malware that he had before him.',
  fix: 'read the rule and its reference, and look at the file',
  vanishes: 'the rule did not match',
  references: docs('https://virustotal.github.io/yara-x/docs/'),
  guide: ['C10', 'C23'],
  attack: ['T1204.003'],
  *file({ at, yara, origin }) {
    for (const { rule, description, reference, strings } of yara) {
      yield {
        at,
        what: `matches ${rule}, ${whereIs(origin)}`,
        score: 0.8,
        reasons: [
          ...(description === '' ? [] : [{ what: 'the rule says', value: description.slice(0, 200) }]),
          ...(reference === '' ? [] : [{ what: 'its reference', value: reference.slice(0, 200) }]),
          ...strings
            .slice(0, 5)
            .map(({ identifier, offsets: [first] }) => ({ what: identifier, value: `byte ${first}` })),
          ...originReasons(origin),
        ],
      };
    }
  },
});
