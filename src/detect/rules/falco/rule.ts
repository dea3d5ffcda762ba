import type { Severity } from '../../../events/finding.ts';
import type { Rule } from '../rule-language.ts';
import { leadingEventTypes } from './event-type-set.ts';
import type { CompiledRule } from './load/compiled-rule.ts';
import type { Priority } from './load/items.ts';

const severities: Readonly<Record<Priority, Severity>> = {
  Emergency: 'critical',
  Alert: 'critical',
  Critical: 'critical',
  Error: 'high',
  Warning: 'medium',
  Notice: 'low',
  Informational: 'info',
  Debug: 'info',
};

/** A loaded rule as the rest of the house sees it. */
export function toRule({ item, expression }: CompiledRule): Rule {
  const place = item.context.locations.at(-1);
  const eventTypes = leadingEventTypes(expression);
  return {
    id: item.name,
    title: item.name,
    description: item.description.trim(),
    severity: severities[item.priority],
    attack: techniquesOf(item.tags),
    tags: item.tags,
    isEnabled: item.isEnabled,
    origin: item.source,
    ...(eventTypes === undefined ? {} : { eventTypes }),
    path: place?.name ?? '',
    line: (place?.line ?? 0) + 1,
    search: () => ({ queries: [], missing: [] }),
    missing: () => [],
  };
}

/** ATT&CK techniques among tags: `T1059`, `T1059.004`, also with `mitre_` before. */
function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const id = /^(?:mitre_)?(?<id>T\d{4}(?:\.\d{3})?)$/i.exec(tag)?.groups?.['id'];
    return id === undefined ? [] : [id.toUpperCase()];
  });
}
