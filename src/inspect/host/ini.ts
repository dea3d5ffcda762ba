/** One `key = value` of an INI file, with the section it stands in. */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** Counts from 1; of a continued value the first line. */
  readonly line: number;
}

/** A `[section]` of an INI file: systemd units, desktop entries, repositories. */
export interface IniSection {
  readonly name: string;
  /** Of a key that comes twice the last value. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Entries of an INI file in order, as systemd.syntax(7) and the Desktop Entry Specification have it: keys may come again, `#` and `;` begin
 * comments. What is neither entry nor section is left out.
 */
export function* iniEntries(text: string): Generator<IniEntry> {
  let section = '';
  for (const part of parts(text.split('\n'))) {
    if (part.key === undefined) section = part.name;
    else yield { section, key: part.key, value: part.value, line: part.line };
  }
}

/** Sections in order; what stands before the first has the name ''. */
export function readSections(lines: readonly string[]): IniSection[] {
  let values = new Map<string, string>();
  const sections: { name: string; values: Map<string, string> }[] = [{ name: '', values }];
  for (const part of parts(lines)) {
    if (part.key === undefined) {
      values = new Map();
      sections.push({ name: part.name, values });
    } else values.set(part.key, part.value);
  }
  return sections;
}

type Part =
  | { readonly key: undefined; readonly name: string }
  | { readonly key: string; readonly value: string; readonly line: number };

/** A backslash at the end of a line joins it with the next. */
function* parts(lines: readonly string[]): Generator<Part> {
  let begun = '';
  let first = 0;
  for (const [index, raw] of lines.entries()) {
    if (begun === '') first = index + 1;
    const text = `${begun}${raw}`.trim();
    begun = '';
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    if (text.endsWith('\\')) {
      begun = `${text.slice(0, -1)} `;
      continue;
    }
    const name = /^\[(?<name>[^\]]*)\]$/.exec(text)?.groups?.['name'];
    const at = text.indexOf('=');
    if (name !== undefined) yield { key: undefined, name };
    else if (at > 0) yield { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim(), line: first };
  }
}
