import { versionOrders } from '../../versions/registry.generated.ts';

/** A vulnerability that a change log names, and the version that repaired it. */
export interface LoggedFix {
  readonly cve: string;
  readonly fixed: string;
  /** Of the entry that names it: `unstable`, `bookworm-security`. */
  readonly suite: string;
  /** Day of that entry, `2023-01-20`; undefined when it cannot be read. */
  readonly day: string | undefined;
}

interface Entry {
  readonly version: string;
  readonly suite: string;
  day: string | undefined;
}

/**
 * Fixes that a change log of a Debian package names (deb-changelog(5)): for each CVE the lowest version whose entry names it, and never one
 * above the newest entry: a rebuild for a stable release (`0.34-4~deb12u1`) stands above the version that it repeats (`0.34-4`).
 */
export function readDebianChangelog(text: string): LoggedFix[] {
  const order = versionOrders.deb;
  const fixes = new Map<string, LoggedFix>();
  let [entry, newest]: [Entry | undefined, string | undefined] = [undefined, undefined];
  let named = new Set<string>();
  const close = (): void => {
    for (const cve of entry === undefined ? [] : named) {
      const known = fixes.get(cve);
      if (entry === undefined || (known !== undefined && order.compare(known.fixed, entry.version) <= 0)) continue;
      fixes.set(cve, { cve, fixed: entry.version, suite: entry.suite, day: entry.day });
    }
    named = new Set();
  };
  for (const line of text.split('\n')) {
    const head = /^[a-z0-9][a-z0-9+.-]* \((?<version>[^\s()]+)\) (?<suite>[^;]+);/.exec(line)?.groups;
    if (head !== undefined) {
      close();
      entry = { version: head['version'] ?? '', suite: head['suite']?.trim() ?? '', day: undefined };
      newest ??= entry.version;
      continue;
    }
    const date = /^ -- .*>  (?<date>.+)$/.exec(line)?.groups?.['date'];
    if (date !== undefined && entry !== undefined) entry.day = dayOf(date);
    for (const [cve] of line.matchAll(/\bCVE-\d{4}-\d{4,7}\b/g)) named.add(cve);
  }
  close();
  return [...fixes.values()].map((fix) => {
    const isAbove = newest !== undefined && order.compare(fix.fixed, newest) > 0;
    return isAbove && newest !== undefined ? { ...fix, fixed: newest } : fix;
  });
}

function dayOf(date: string): string | undefined {
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().slice(0, 10);
}
