import { defineCheck } from '../../check.ts';
import { cis, cwe } from '../_shared/references.ts';
import { secretFileName } from '../../secrets/file-names.ts';

export const check = defineCheck({
  id: 'secret-file',
  title: 'file that most likely holds a secret',
  severity: 'high',
  why: 'What was copied into a layer can be read by everybody who has the image, even when a later step deletes it.',
  fix: 'leave it out (`.dockerignore`), hand it over with `RUN --mount=type=secret`, and exchange the one that was told',
  vanishes: 'the file were in no layer',
  references: [...cis('4.10'), ...cwe(538)],
  guide: ['C04'],
  attack: ['T1552.001', 'T1552.004'],
  *build({ stages }) {
    for (const { name, text, flags, list, at } of stages.flatMap(({ instructions }) => instructions)) {
      if ((name !== 'COPY' && name !== 'ADD') || flags.some((flag) => flag.startsWith('--from='))) continue;
      for (const source of (list ?? text.split(/\s+/)).slice(0, -1)) {
        const kind = secretFileName(source);
        if (kind !== undefined) yield { at, what: `copies ${source}, ${kind}` };
      }
    }
  },
});
