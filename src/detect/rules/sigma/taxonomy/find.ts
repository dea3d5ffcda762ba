import type { Logsource } from '../model.ts';
import { isWithin } from '../filters.ts';
import { linuxOrigins } from './linux.ts';
import { networkOrigins } from './network.ts';
import { otherOrigins } from './other.ts';
import type { Origin, Target } from './target.ts';
import { windowsOrigins } from './windows.ts';

const origins: readonly Origin[] = [...windowsOrigins, ...linuxOrigins, ...networkOrigins, ...otherOrigins];
const partNames = ['category', 'product', 'service'] as const;

/**
 * Events that answer a log source: by the origin that says most about it; else, for a log source that says little
 * (`category: process_creation` of any product), by all origins within it. None: nothing that we read has such logs.
 */
export function targetsOf(logsource: Logsource): readonly Target[] {
  const parts = countParts(logsource);
  const around = origins.filter(
    (origin) =>
      isWithin(logsource, origin.logsource) && (origin.isExact !== true || countParts(origin.logsource) === parts),
  );
  const most = Math.max(0, ...around.map((origin) => countParts(origin.logsource)));
  const best = around.filter((origin) => countParts(origin.logsource) === most);
  const chosen = best.length > 0 ? best : origins.filter((origin) => isWithin(origin.logsource, logsource));
  return chosen.flatMap((origin) => origin.targets);
}

function countParts(logsource: Logsource): number {
  return partNames.filter((name) => logsource[name] !== undefined).length;
}
