import type { BulkPlan } from '../../../store/bulk.ts';
import { defaultHeader, layoutOf, withDirective, type Header } from './header.ts';
import { logOfName, mappingOf } from './logs.ts';

const newline = 10;
const hash = 35;

/** How the store loads a log by columns: TSV with `#` lines on top, or JSON of one log with Zeek's own names. */
export function planBulk(name: string, head: Uint8Array): BulkPlan | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return bytes[0] === hash ? planTsv(name, bytes) : planJson(name, bytes);
}

function planTsv(name: string, bytes: Buffer): BulkPlan | undefined {
  let header: Header = defaultHeader;
  let at = 0;
  let lines = 0;
  while (bytes[at] === hash) {
    const end = bytes.indexOf(newline, at);
    if (end < 0) return undefined;
    header = withDirective(header, bytes.toString('utf8', at, end).replace(/\r$/, ''));
    at = end + 1;
    lines++;
  }
  const found = layoutOf(header, logOfName(name));
  if (found === undefined || header.types?.length !== header.fields?.length) return undefined;
  const names = found.layout.columns.map((column) => column.name);
  if (new Set(names).size !== names.length || !names.includes('ts')) return undefined;
  return {
    layout: found.layout,
    headerBytes: at,
    headerLines: lines,
    routes: [{ id: found.log, mapping: found.mapping }],
    resumeState: JSON.stringify(header),
  };
}

function planJson(name: string, bytes: Buffer): BulkPlan | undefined {
  const end = bytes.indexOf(newline);
  if (end < 0) return undefined;
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(bytes.toString('utf8', 0, end)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const path = row['_path'];
  const log = typeof path === 'string' ? path : logOfName(name);
  if (log === undefined) return undefined;
  const mapping = mappingOf(log);
  const marks = typeof path === 'string' ? `"_path":${JSON.stringify(path)}` : undefined;
  return {
    layout: { type: 'json', nested: false },
    headerBytes: 0,
    headerLines: 0,
    routes: [{ id: log, mapping: { ...mapping, drop: [...(mapping.drop ?? []), '_path'] } }],
    route: (line, start, stop) =>
      routeOf(Buffer.from(line.buffer, line.byteOffset, line.byteLength), start, stop, marks),
  };
}

/** Lines of the log that was planned for, with Zeek's own names. */
function routeOf(bytes: Buffer, start: number, end: number, marks: string | undefined): number {
  const text = bytes.toString('latin1', start, Math.min(end, start + 400));
  if (marks !== undefined && !text.replaceAll('": ', '":').includes(marks)) return -1;
  if (marks === undefined && text.includes('"_path"')) return -1;
  return text.includes('"id_orig_h"') || /"id": ?\{/.test(text) ? -1 : 0;
}
