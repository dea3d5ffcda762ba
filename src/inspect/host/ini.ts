/** One `key = value` of an INI-like file, with the section it stands in. */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** Counts from 1; of a continued value the first line. */
  readonly line: number;
}

/**
 * Entries of an INI-like file as systemd.syntax(7) and the Desktop Entry Specification have it: keys may come again, a line that ends in a
 * backslash goes on, `#` and `;` begin comments. Lines that are none of it are left out.
 */
export function* iniEntries(text: string): Generator<IniEntry> {
  let section = '';
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    let line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    while (line.endsWith('\\') && at + 1 < lines.length) {
      at++;
      line = `${line.slice(0, -1)} ${(lines[at] ?? '').trim()}`;
    }
    const heading = /^\[(?<name>[^\]]{0,500})\]/.exec(line)?.groups?.['name'];
    if (heading !== undefined) {
      section = heading;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0) {
      yield { section, key: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim(), line: first + 1 };
    }
  }
}
