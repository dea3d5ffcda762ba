import { dayStart, dayEnd } from '../base/clock.ts';
import { numberOf } from '../base/ids.ts';
import type { Evidence } from '../model/evidence.ts';
import { shopContainer } from '../world/falco-rules.ts';
import { inOrder, spans, type Line, type LogFile } from './line.ts';

/** What the container wrote, as Docker's json-file driver keeps it. */
export function containerFiles(evidence: Evidence): LogFile[] {
  const lines = evidence.container.map((entry): Line => {
    const millis = Math.floor(entry.time / 1000);
    const micros = String(entry.time - millis * 1000).padStart(3, '0');
    const nanos = String(numberOf(`docker ${entry.time} ${entry.text}`, 1000)).padStart(3, '0');
    const time = `${new Date(millis).toISOString().slice(0, -1)}${micros}${nanos}`.replace(/0+$/, '');
    const json = JSON.stringify({ log: `${entry.text}\n`, stream: entry.stream, time: `${time}Z` });
    return { at: entry.time, step: entry.step, text: escapeForHtml(json) };
  });
  const [day = []] = spans(inOrder(lines), dayStart, dayEnd - dayStart, 1);
  return [{ path: `containers/${shopContainer.id.slice(0, 12)}-json.log`, header: [], lines: day, footer: [] }];
}

/** Go's encoder escapes these three. */
function escapeForHtml(json: string): string {
  return json.replaceAll('&', '\\u0026').replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}
