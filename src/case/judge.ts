import type { Micros } from '../base/time.ts';
import type { Finding } from '../events/finding.ts';
import { suppress } from '../incidents/suppress/suppress.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';
import type { Store } from '../store/store.ts';
import { withImages } from './container-images.ts';
import { correlateFindings, surroundingsOf, type Surroundings } from './correlate.ts';
import type { Judgement } from './service.ts';
import { spanOf } from './verdict.ts';

/** Sets aside what is silenced and grows incidents from the rest. Stores nothing. Looks at the surroundings where they are not given. */
export async function judge(
  store: Store,
  found: readonly Finding[],
  silencing: readonly Silencing[],
  now: Micros,
  surroundings?: Surroundings,
): Promise<Judgement> {
  const { kept, suppressed } = suppress(await withImages(store, found), silencing, now);
  const span = await spanOf(store);
  const incidents = await correlateFindings(store, kept, {
    first: span?.first,
    last: span?.last ?? now,
    ...(surroundings ?? (await surroundingsOf(store))),
  });
  return { findings: kept, suppressed, incidents };
}
