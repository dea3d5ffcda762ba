import { rowOf, splitCsv } from '../../csv.ts';
import { genericEvent, hasTimeName } from '../../generic-record.ts';
import type { LineDecoder } from '../../text-lines.ts';

const separators = [',', ';', '\t', '|'];
/** Names of columns; a line of text with a comma has longer ones, or too few. */
const maxName = 64;
const fewest = 3;

interface Header {
  readonly separator: string;
  readonly names: readonly string[];
  fits(line: string): boolean;
}

/** A first line that names columns, one of them a time; undefined for any other. */
export function headerOf(line: string): Header | undefined {
  for (const separator of separators) {
    const names = splitCsv(line.replace(/^\uFEFF/, '').trimEnd(), separator)?.map((name) => name.trim());
    if (names === undefined || names.length < fewest || new Set(names).size < names.length) continue;
    if (!names.every((name) => name !== '' && name.length <= maxName && !/^[\d.:-]+$/.test(name))) continue;
    if (!hasTimeName(names)) continue;
    return { separator, names, fits: (other) => splitCsv(other, separator)?.length === names.length };
  }
  return undefined;
}

/** Lines under their header, which the state keeps. */
export function csvLogDecoder(state: string | undefined): LineDecoder {
  let header = state === undefined ? undefined : headerOf(state);
  let written = state;
  return {
    state: () => written,
    line(text, line, problems) {
      if (header === undefined) {
        header = headerOf(text);
        if (header === undefined) return 'the first line names no columns';
        written = text;
        return [];
      }
      const fields = splitCsv(text, header.separator);
      const row = fields === undefined ? undefined : rowOf(header.names, fields);
      if (row === undefined) return 'a line has not the columns of its header';
      const { event, hasTime } = genericEvent(row, 'csv');
      if (!hasTime) problems.add({ code: 'bad-record', at: { line }, message: 'a line has no time that is known' });
      return event;
    },
  };
}
