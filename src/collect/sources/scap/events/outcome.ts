import type { ScapRecord } from '../record.ts';

const inProgress = -115;

/** Whether the call went well; null when the event does not say, or when the call goes on in the background. */
export function outcomeOf(record: ScapRecord): 'success' | 'failure' | null {
  const first = record.type.parameters[0]?.name;
  const result = first === 'res' || first === 'fd' ? record.int(0) : Number.NaN;
  if (Number.isNaN(result) || result === inProgress) return null;
  return result < 0 ? 'failure' : 'success';
}
