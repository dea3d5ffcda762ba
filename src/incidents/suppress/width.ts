import { parseCidr } from '../../base/ip.ts';
import { nearest } from '../../base/nearest.ts';
import { severityRank, type Finding } from '../../events/finding.ts';
import type { Micros } from '../../base/time.ts';
import { isSharedSuffix } from '../../match/registered-domain.ts';
import { scopeKeys, type ScopeKey } from './scope.ts';
import { compileSuppressions, isExpired, isNetworkKey, type Suppressed } from './suppress.ts';
import type { Silencing } from './suppression.ts';

/** What an entry does to a case, and what speaks against it. */
export interface Width {
  /** Findings that it silences. */
  readonly hits: number;
  /** Findings that it covers; above `hits` where an entry before it in the file silences some of them. */
  readonly covers: number;
  /** Sentences without an end; empty for one that is as narrow as its reason. */
  readonly warnings: readonly string[];
}

/** What was found in a case. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly suppressed?: readonly Suppressed[];
  /** Ids of the detectors that ran. */
  readonly ran: readonly string[];
}

/** Of so many findings a share above `mostShare` is a warning: fewer are soon a half. */
const [fewFindings, mostShare] = [10, 0.5];
/** Networks with a shorter prefix, of version 4 and 6, are more than any organisation has. */
const shortestPrefix = { v4: 8, v6: 16 };
const maxTitles = 3;

/** How much an entry silences, held against everything that was found. */
export function widthOf(entry: Silencing, { findings, suppressed = [], ran }: Judged, now: Micros): Width {
  const all = [...findings, ...suppressed.map(({ finding }) => finding)];
  const hits = suppressed.filter(({ by }) => by.id === entry.id).map(({ finding }) => finding);
  if (isExpired(entry, now)) {
    return {
      hits: hits.length,
      covers: 0,
      warnings: [`it has been over since ${entry.expires ?? ''} and silences nothing`],
    };
  }
  const isCovered = compileSuppressions([entry], now);
  const covered = all.filter((finding) => isCovered(finding) !== undefined);
  const known = [...new Set([...ran, ...all.map(({ detector }) => detector)])];
  const warnings = [...graveWarning(covered), ...shareWarning(covered, all), ...scopeWarnings(entry, known)];
  return { hits: hits.length, covers: covered.length, warnings };
}

function graveWarning(covered: readonly Finding[]): string[] {
  const grave = covered.filter(({ severity }) => severityRank(severity) >= severityRank('high'));
  if (grave.length === 0) return [];
  const titles = grave.slice(0, maxTitles).map(({ severity, title }) => `${title} (${severity})`);
  const more = grave.length > maxTitles ? ` and ${grave.length - maxTitles} more` : '';
  return [
    `${grave.length} of what it covers ${grave.length === 1 ? 'is' : 'are'} high or critical: ${titles.join('; ')}${more}`,
  ];
}

function shareWarning(covered: readonly Finding[], all: readonly Finding[]): string[] {
  if (all.length < fewFindings || covered.length <= all.length * mostShare) return [];
  return [`it covers ${covered.length} of all ${all.length} findings`];
}

/** By the entry alone, whatever was found: what is wide now is wide for what comes. */
function scopeWarnings(entry: Silencing, known: readonly string[]): string[] {
  const given = (Object.keys(scopeKeys) as ScopeKey[]).filter((key) => entry[key] !== undefined);
  const isAlone = given.length === 1;
  return given.flatMap((key) =>
    [entry[key] ?? []]
      .flat()
      .flatMap((value) => (key === 'detector' ? detectorWarning(value, known, isAlone) : valueWarning(key, value))),
  );
}

/** Entries of one segment are whole families; what no detector is called silences nothing. */
function detectorWarning(value: string, known: readonly string[], isAlone: boolean): string[] {
  if (isAlone && !value.includes('/')) return [`"${value}" is every detector of that family, and no place is given`];
  if (known.some((id) => `${id}/`.startsWith(`${value}/`) || value.startsWith(`${id}/`))) return [];
  const near = nearest(value, [...known, ...known.map((id) => id.split('/', 2).join('/'))]);
  return [`no detector "${value}" ran or told anything here${near === undefined ? '' : `; the nearest is ${near}`}`];
}

function valueWarning(key: ScopeKey, value: string): string[] {
  if (value === '*' || value === '/*') return [`${key} "${value}" is every one`];
  if (key === 'domain') {
    const apex = value.replace(/^\*?\./, '').toLowerCase();
    return isSharedSuffix(apex) ? [`"${apex}" is nobody's own: anybody can have a name below it`] : [];
  }
  if (!isNetworkKey(key) || !value.includes('/')) return [];
  const range = parseCidr(value);
  if (range === undefined) return [];
  const bits = (range.last - range.first).toString(2).length;
  const isWide = value.includes(':') ? bits > 128 - shortestPrefix.v6 : bits > 32 - shortestPrefix.v4;
  return isWide ? [`${value} is more than a network of one organisation`] : [];
}
