import { defineCheck } from '../../check.ts';
import { cwe } from '../_shared/references.ts';

const telling = /^\/(?:etc|usr|bin|sbin|lib|lib64|boot|root|opt)(?:\/|$)/;

export const check = defineCheck({
  id: 'world-writable',
  title: 'files that everybody may write',
  severity: 'low',
  why: 'Whoever gets in as any user changes them, and waits until root uses them.',
  fix: 'take the right away in the build: `chmod o-w`',
  vanishes: 'only their owner could write',
  references: cwe(732),
  guide: ['C01'],
  attack: ['T1222.002'],
  *image({ at, files }) {
    const found = files?.worldWritable ?? [];
    if (found.length === 0) return;
    const worst = found.filter(({ path }) => telling.test(path));
    const [first] = worst.length > 0 ? worst : found;
    yield {
      at: { path: `${at.path}!${first?.path ?? ''}` },
      what: `has ${found.length} files and folders that everybody may write, ${first?.path ?? ''} among them`,
      severity: worst.length > 0 ? 'medium' : 'low',
      reasons: [...worst, ...found.filter((entry) => !worst.includes(entry))]
        .slice(0, 20)
        .map(({ path }) => ({ what: 'file', value: path })),
    };
  },
});
