/** A `[section]` of an INI file: systemd units, desktop entries, repositories. */
export interface IniSection {
  readonly name: string;
  /** Of a key that comes twice the last value. */
  readonly values: ReadonlyMap<string, string>;
}

/** Sections in order; what stands before the first has the name ''. A backslash at the end of a line joins it with the next. */
export function readSections(lines: readonly string[]): IniSection[] {
  let values = new Map<string, string>();
  const sections: { name: string; values: Map<string, string> }[] = [{ name: '', values }];
  let begun = '';
  for (const line of lines) {
    const text = `${begun}${line}`.trim();
    begun = '';
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    if (text.endsWith('\\')) {
      begun = `${text.slice(0, -1)} `;
      continue;
    }
    const name = /^\[(?<name>[^\]]*)\]$/.exec(text)?.groups?.['name'];
    const at = text.indexOf('=');
    if (name !== undefined) {
      values = new Map();
      sections.push({ name, values });
    } else if (at > 0) values.set(text.slice(0, at).trim(), text.slice(at + 1).trim());
  }
  return sections;
}
