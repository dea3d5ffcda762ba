import type { LocalNetworks } from '../base/networks.ts';
import type { Analytic, LiveJudge } from '../detect/analytic.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import type { ReadStore } from '../store/store.ts';

/** What analytics that can say so of single events say as they come in. `settings` are by analytic id. */
export async function liveJudges(
  store: ReadStore,
  networks: LocalNetworks,
  settings: Readonly<Record<string, unknown>>,
): Promise<LiveJudge> {
  const judges: LiveJudge[] = [];
  for (const analytic of Object.values(analytics) as readonly Analytic[]) {
    const given = analytic.settings.parse(settings[analytic.id] ?? {});
    const judge = await analytic.live?.({ store, networks, settings: given });
    if (judge !== undefined) judges.push(judge);
  }
  return (events) => judges.flatMap((judge) => judge(events));
}
