import { defineCheck } from '../../check.ts';
import { copiedWords } from '../../inputs/build-file.ts';
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
    for (const instruction of stages.flatMap(({ instructions }) => instructions)) {
      const { name, flags, at } = instruction;
      if ((name !== 'COPY' && name !== 'ADD') || flags.some((flag) => flag.startsWith('--from='))) continue;
      const words = copiedWords(instruction);
      for (const source of words.slice(0, -1)) {
        const kind = secretFileName(source);
        if (kind === undefined) continue;
        if (mayBeCode(source, words.at(-1) ?? '')) {
          yield { at, what: `copies ${source}, by its name ${kind}, or code that handles them`, severity: 'low' };
        } else yield { at, what: `copies ${source}, ${kind}` };
      }
    }
  },
});

/** A folder of a program may be called `credentials`: the name alone says little, unless it goes where secrets are looked for. */
function mayBeCode(source: string, target: string): boolean {
  const isBare = /^(?:\.\/)?(?:[\w-]+\/)*(?:credentials?|secrets?)$/i.test(source);
  return isBare && !/\.aws|^\/(?:var\/)?run\/|^\/etc\/|^\/root\//.test(target);
}
