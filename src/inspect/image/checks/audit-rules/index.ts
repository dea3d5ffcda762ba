import { defineCheck, type Reference } from '../../check.ts';
import type { AuditRule } from '../../inputs/host.ts';
import { cis } from '../_shared/references.ts';
import { engineWatches } from '../_shared/engine-watches.ts';

export const check = defineCheck({
  id: 'audit-rules',
  title: 'part of the engine that the audit does not watch',
  severity: 'low',
  why: 'Whoever changes the engine, its settings or its data leaves no trace that names him.',
  fix: 'put the rule into /etc/audit/rules.d/docker.rules, load it (`augenrules --load`), and look that `auditctl -l` lists it',
  vanishes: 'a rule that is loaded watched it for writes and changed attributes',
  references: references(),
  guide: ['C15', 'C16'],
  attack: ['T1562.012'],
  *host({ auditRules }) {
    for (const { path, rules } of auditRules) {
      for (const { paths, what } of engineWatches) {
        if (paths.some((watched) => rules.some((rule) => covers(rule, watched)))) continue;
        const [first = ''] = paths;
        yield {
          at: { path, pointer: first },
          what: `watches neither ${paths.join(' nor ')}: ${what}`,
          reasons: [{ what: 'rule', value: `-w ${first} -p wa -k docker` }],
        };
      }
    }
  },
});

function references(): readonly Reference[] {
  return cis(...engineWatches.flatMap(({ cis: ids }) => ids));
}

/** A watch of a folder is one of all that is below it. Reads alone say nothing about changes. */
function covers({ path, permissions }: AuditRule, watched: string): boolean {
  if (path === undefined || !/w/.test(permissions)) return false;
  return watched === path || watched.startsWith(`${path}/`);
}
