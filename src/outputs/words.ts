import { formatDuration, parseIsoMicros } from '../base/time.ts';

/** `12,345` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 finding`, `2 findings` */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2026-11-24 10:00 to 2026-11-25 10:00 UTC (24 h)`; one time when both are within a minute, the day once when it is one. */
export function formatSpan(first: string, last: string): string {
  const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
  const [from, to] = [minute(first), minute(last)];
  if (from === to) return `${from} UTC`;
  const length = formatDuration((parseIsoMicros(last) ?? 0) - (parseIsoMicros(first) ?? 0));
  const end = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return `${from} to ${end} UTC (${length})`;
}

/** Where a piece of evidence stands: the file and its line or record; of a thing that was inspected, which has none, the file alone. */
export function placeOf({ path, at }: { readonly path: string; readonly at: number }): string {
  return at === 0 ? path : `${path}:${at}`;
}
