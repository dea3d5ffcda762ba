import { splitCsv } from '../../csv.ts';
import { hasTimeName } from '../../generic-record.ts';

const separators = [',', ';', '\t', '|'];
/** Names of columns; a line of text with a comma has longer ones. */
const maxName = 64;

/** The first line of a log, which names its columns. */
export interface Header {
  readonly separator: string;
  readonly names: readonly string[];
  /** At least three names, all there and all different: few lines of text look so. */
  readonly isPlain: boolean;
}

/** A line that names columns, one of them a time; undefined for any other. */
export function headerOf(line: string): Header | undefined {
  for (const separator of separators) {
    const written = splitCsv(line.replace(/^\uFEFF/, '').trimEnd(), separator)?.map((name) => name.trim());
    if (written === undefined || written.length < 2 || !hasTimeName(written)) continue;
    if (!written.every((name) => name.length <= maxName && !/^[\d.:-]+$/.test(name))) continue;
    const isPlain = written.length > 2 && !written.includes('') && new Set(written).size === written.length;
    return { separator, names: distinct(written), isPlain };
  }
  return undefined;
}

/** A first line of spreadsheets that only names the separator. */
export function isSeparatorLine(line: string): boolean {
  return /^\uFEFF?sep=.$/i.test(line.trimEnd());
}

/** Names that are missing, or there twice, are told by their place. */
function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    const own = name === '' || seen.has(name) ? `${name}_${index + 1}` : name;
    seen.add(own);
    return own;
  });
}
