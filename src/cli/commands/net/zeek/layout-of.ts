import type { KindId, VakthundEvent } from '../../../../events/event.ts';
import { logLayouts, type LogLayout } from './logs.ts';
import { recordLayouts } from './records.ts';

const byKind = new Map<KindId, LogLayout>(logLayouts.map((layout) => [layout.kind, layout]));

/** The log of Zeek that an event belongs to; undefined where Zeek has none. */
export function layoutOf(event: VakthundEvent): LogLayout | undefined {
  return event.kind === 'log' ? recordLayouts.get(event.log_name ?? '') : byKind.get(event.kind);
}
