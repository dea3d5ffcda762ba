import { normalName, orderOf, streamOf } from './ecosystems.ts';
import { affectedIntervals, type Interval } from './intervals.ts';
import type { OsvAffected, OsvRecord, OsvSeverity, VendorState } from './osv.ts';

/** What one advisory says about one package of one stream: the unit that is stored, looked up and matched. */
export interface Advice {
  /** Of the record: `ALPINE-CVE-2021-28831`, `GHSA-…`, `PYSEC-…`. */
  readonly id: string;
  /** Other names of the same vulnerability: what doubles are found by. */
  readonly aliases: readonly string[];
  /** The bulletin that says so, when one bulletin is about several vulnerabilities: `DSA-5380-1`. */
  readonly bulletin?: string;
  /** As the advisory names it: `Alpine:v3.11`, `PyPI`. */
  readonly ecosystem: string;
  readonly published?: string;
  readonly summary?: string;
  readonly severity: readonly OsvSeverity[];
  /** Word of the vendor or database. */
  readonly urgency?: string;
  readonly intervals: readonly Interval[];
  readonly versions: readonly string[];
  /** The package was looked at and never had the fault: silences what others say about it. */
  readonly isNever?: true;
  readonly state?: VendorState;
  readonly module?: string;
  /** Format and file that it came from. */
  readonly origin: string;
}

export interface Filed {
  readonly stream: string;
  readonly name: string;
  readonly advice: Advice;
}

/**
 * Advice of a record for each package it names. Withdrawn records give none, and packages of which no order or no version is known neither. A bulletin about several CVEs becomes one advice for each:
 * as one it would make all of them the same vulnerability.
 */
export function adviceOf(record: OsvRecord, origin: string): Filed[] {
  if (record.withdrawn !== undefined) return [];
  const names = vulnerabilitiesOf(record);
  const filed: Filed[] = [];
  for (const [key, entries] of byPackage(record.affected)) {
    const [stream = '', name = ''] = key.split('\0');
    const order = orderOf(stream);
    if (order === undefined) continue;
    for (const group of byModule(entries)) {
      const parts = group.map((entry) => affectedIntervals(entry, order));
      const intervals = unique(parts.flatMap((part) => part.intervals));
      const versions = group.flatMap((entry) => entry.versions);
      const isNever = intervals.length === 0 && parts.some((part) => part.isNever);
      if (intervals.length === 0 && versions.length === 0 && !isNever) continue;
      const said = { ...saidOf(record, group), intervals, versions, ...(isNever ? { isNever } : {}), origin };
      for (const vulnerability of names) filed.push({ stream, name, advice: { ...vulnerability, ...said } });
    }
  }
  return filed;
}

/** Records of Red Hat name a package once for each repository. */
function unique(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.length < 2) return intervals;
  return [...new Map(intervals.map((interval) => [JSON.stringify(interval), interval])).values()];
}

type Names = Pick<Advice, 'id' | 'aliases' | 'bulletin'>;

/** Bulletins by the pattern of their ids; each may fix several vulnerabilities. */
const bulletin =
  /^(?:D[SLT]A|USN|RH[SBE]A|AL[SBE]A|RL[SBE]A|RX[SBE]A|ELSA|ALAS\w*|SUSE-[SRF]U|openSUSE-[SRF]U|MGASA|OESA|FEDORA|LSN|ALPINE-SA)-/i;

function vulnerabilitiesOf(record: OsvRecord): readonly Names[] {
  const { id, aliases, upstream } = record;
  if (!bulletin.test(id)) return [{ id, aliases: [...new Set([...aliases, ...upstream])] }];
  // Ubuntu's bulletins pass on records of Ubuntu, which have the name of the CVE in theirs.
  const cves = [...new Set([...aliases, ...upstream].flatMap((text) => /CVE-\d{4}-\d{4,}/.exec(text)?.[0] ?? []))];
  return cves.length === 0 ? [{ id, aliases }] : cves.map((cve) => ({ id: cve, aliases: [], bulletin: id }));
}

function byPackage(affected: readonly OsvAffected[]): ReadonlyMap<string, readonly OsvAffected[]> {
  const groups = new Map<string, OsvAffected[]>();
  for (const entry of affected) {
    const stream = streamOf(entry.ecosystem);
    const key = `${stream}\0${normalName(stream, entry.name)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

function byModule(entries: readonly OsvAffected[]): Iterable<readonly OsvAffected[]> {
  return Map.groupBy(entries, ({ module }) => module).values();
}

function saidOf(
  record: OsvRecord,
  entries: readonly OsvAffected[],
): Pick<Advice, 'ecosystem' | 'published' | 'summary' | 'severity' | 'urgency' | 'state' | 'module'> {
  const own = entries.flatMap(({ severity }) => severity);
  const urgency = entries.find((entry) => entry.urgency !== undefined)?.urgency ?? record.urgency;
  const state = entries.find((entry) => entry.state !== undefined)?.state;
  const module = entries[0]?.module;
  return {
    ecosystem: entries[0]?.ecosystem ?? '',
    ...(record.published === undefined ? {} : { published: record.published }),
    ...(record.summary === undefined ? {} : { summary: record.summary.slice(0, maxSummary) }),
    severity: own.length > 0 ? own : record.severity,
    ...(urgency === undefined ? {} : { urgency }),
    ...(state === undefined ? {} : { state }),
    ...(module === undefined ? {} : { module }),
  };
}

/** Characters of a summary that are kept; it is one line for people. */
const maxSummary = 200;
