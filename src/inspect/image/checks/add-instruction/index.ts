import { copiedWords } from '../../inputs/build-file.ts';
import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'add-instruction',
  title: 'ADD where COPY would do, or without a checksum',
  severity: 'low',
  why: 'ADD unpacks archives and loads from addresses: what is fetched may be another file tomorrow, and archives may write where they should not.',
  fix: 'use COPY; for a download `ADD --checksum=sha256:…`',
  vanishes: 'COPY were used, or the checksum were named',
  references: cis('4.9'),
  guide: ['C10'],
  attack: ['T1195.002'],
  *build({ stages }) {
    for (const instruction of stages.flatMap(({ instructions }) => instructions)) {
      const { name, flags, at } = instruction;
      if (name !== 'ADD') continue;
      const sources = copiedWords(instruction).slice(0, -1);
      const remote = sources.find((source) => /^(?:https?|ftp|git):\/\//.test(source));
      if (remote !== undefined) {
        if (flags.some((flag) => flag.startsWith('--checksum='))) continue;
        yield { at, what: `adds ${remote} without a checksum`, severity: 'medium' };
      } else if (
        sources.length > 0 &&
        !sources.every((source) => /\.(?:tar(?:\.\w+)?|t[gbx]z|tar\.zst)$|[$<]/.test(source))
      ) {
        yield { at, what: `adds ${sources.join(' ')} where COPY would do` };
      }
    }
  },
});
