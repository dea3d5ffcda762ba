import { defineCheck } from '../../check.ts';
import { originReasons, whereIs } from '../_shared/file-faults.ts';
import { cis, cwe } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'secret-in-file',
  title: 'secret in a file',
  severity: 'high',
  why: 'Everybody who has the image reads it, in a layer that a later one hides just as well.',
  fix: 'exchange the secret, build the image without it, and hand it over when the container starts',
  vanishes: 'no layer held the secret',
  references: [...cis('4.10'), ...cwe(538)],
  guide: ['C04'],
  attack: ['T1552.001', 'T1552.004'],
  *file({ at, secrets, origin }) {
    for (const { what, severity, score, line, shown } of secrets) {
      yield {
        at: { ...at, ...(line === undefined ? {} : { line }) },
        what: `holds ${what}, ${whereIs(origin)}`,
        severity,
        score,
        reasons: [...(shown === undefined ? [] : [{ what: 'value', value: shown }]), ...originReasons(origin)],
      };
    }
  },
});
