import { append } from '../../../../base/multimap.ts';
import { defineCheck } from '../../check.ts';
import { toolAt } from '../../inputs/image/programs.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'build-tools',
  title: 'tools that only a build needs',
  severity: 'info',
  why: 'Compilers, package managers and netcats save an attacker the way: he builds and loads what he needs.',
  fix: 'build in a stage of its own, and copy the result into a small base (`-slim`, distroless)',
  vanishes: 'the image held what it runs and nothing else',
  references: cis('4.3'),
  guide: ['C06'],
  attack: ['T1105'],
  *image({ at, files }) {
    const kinds = new Map<string, string[]>();
    for (const path of files?.programs ?? []) {
      const kind = toolAt(path);
      if (kind !== undefined) append(kinds, kind, path);
    }
    for (const [kind, paths] of kinds) {
      yield { at: { ...at, pointer: kind }, what: `holds a ${kind}: ${paths.slice(0, 5).join(', ')}` };
    }
  },
});
