import type { BulkPlan } from '../../../store/bulk.ts';
import { isJson } from './detect.ts';
import { defaultHeader, logOfHeader, withDirective, type Header } from './header.ts';
import { planJson } from './json-plan.ts';
import { logOfName } from './logs.ts';
import { lossLogs } from './loss.ts';

const newline = 10;
const hash = 35;

/** How the store loads a log by columns; undefined for what is better read row by row. */
export function planBulk(name: string, head: Uint8Array): BulkPlan | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (isJson(head)) return planJson(name, bytes);
  return bytes[0] === hash ? planTsv(name, bytes) : undefined;
}

/** TSV with its `#` lines on top, all of them inside the head. */
function planTsv(name: string, bytes: Buffer): BulkPlan | undefined {
  let header: Header = defaultHeader;
  let at = 0;
  let lines = 0;
  while (bytes[at] === hash) {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return undefined;
    const text = bytes.toString('utf8', at, end);
    header = withDirective(header, text.endsWith('\r') ? text.slice(0, -1) : text);
    at = end + 1;
    lines++;
  }
  const log = logOfHeader(header, logOfName(name));
  if (log === undefined || header.types?.length !== header.fields?.length || header.blankColumns > 0) return undefined;
  if (lossLogs.has(log.name)) return undefined;
  return {
    layout: log.layout,
    headerBytes: at,
    headerLines: lines,
    routes: [{ id: log.name, mapping: log.mapping }],
    resumeState: JSON.stringify(header),
  };
}
