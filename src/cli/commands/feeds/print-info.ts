import { formatBytes } from '../../../base/bytes.ts';
import { dataAge, staleDays } from '../../../inspect/packages/advisories/store/data-age.ts';
import type { StoreInfo } from '../../../inspect/packages/advisories/store/layout.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';

const dayMs = 86_400_000;

/** The documented object of `feeds status --json` and `feeds update --json`. */
export function infoAsJson({ builtAt, sources, streams, has, problems }: StoreInfo): string {
  const report = {
    built_at: builtAt,
    advisories: sum(streams),
    ecosystems: streams,
    has: { kev: has.exploited, epss: has.epss, end_of_life: has.releaseEnds },
    sources,
    problems,
  };
  return `${visibleJson(JSON.stringify(report, undefined, 1))}\n`;
}

export function infoAsText({ builtAt, sources, streams, has, problems }: StoreInfo, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(builtAt)) / dayMs);
  const age = dataAge({ builtAt, sources }, now);
  const missing = [
    ...(has.exploited ? [] : ['known exploitation (CISA)']),
    ...(has.epss ? [] : ['probability of exploitation (EPSS)']),
    ...(has.releaseEnds ? [] : ['end-of-life dates']),
  ];
  return [
    `${sum(streams)} advisories in ${Object.keys(streams).length} ecosystems, built ${builtAt.slice(0, 10)} (${days} days ago)`,
    ...(missing.length === 0 ? [] : [`without ${missing.join(', ')}`]),
    ...(age.days <= staleDays
      ? []
      : [`old: the newest advisories are of ${age.day}, ${age.days} days ago; "vakthund feeds update" builds it anew`]),
    ...age.left.map(({ from, day }) => `old: ${visibleText(from)} could not be fetched since ${day}`),
    ...(problems === 0
      ? []
      : [
          `${problems} ${problems === 1 ? 'problem' : 'problems'} while it was built: what that is about is older, or not in it`,
        ]),
    '',
    ...sources.map(
      ({ from, formats, counts, bytes, date }) =>
        `${date.slice(0, 10)}  ${formatBytes(bytes).padStart(7)}  ${formats.join(',').padEnd(10)} ${String(sum(counts)).padStart(8)}  ${visibleText(from)}`,
    ),
    '',
  ].join('\n');
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
