import { domainToASCII } from 'node:url';
import { parseCidr, parseIp } from '../../base/ip.ts';
import { microsPerDay, parseIsoMicros, type Micros } from '../../base/time.ts';
import type { Entity, EntityKind } from '../../events/entity.ts';
import type { Finding } from '../../events/finding.ts';
import { scopeKeys, type ScopeKey } from './scope.ts';
import type { Silencing } from './suppression.ts';

/** What can be silenced: a finding, an alert. */
export interface Told {
  readonly detector: string;
  readonly entities: readonly Entity[];
  /** Absent for an alert, of which nobody knows how strong it is. */
  readonly score?: number;
}

export interface Suppressed {
  readonly finding: Finding;
  /** The first one in the file that covers it. */
  readonly by: Silencing;
}

/** Findings that stay, and those that somebody gave a reason to be silent about. */
export function suppress(
  findings: readonly Finding[],
  suppressions: readonly Silencing[],
  now: Micros,
): { readonly kept: Finding[]; readonly suppressed: Suppressed[] } {
  const covers = compileSuppressions(suppressions, now);
  const kept: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const by = covers(finding);
    if (by === undefined) kept.push(finding);
    else suppressed.push({ finding, by });
  }
  return { kept, suppressed };
}

/** Finds the suppression that covers a thing, among those that still hold. */
export function compileSuppressions(
  suppressions: readonly Silencing[],
  now: Micros,
): (told: Told) => Silencing | undefined {
  const compiled = suppressions
    .filter((suppression) => !isExpired(suppression, now))
    .map((suppression) => ({ suppression, tests: testsOf(suppression) }));
  return (told) => compiled.find(({ tests }) => tests.every((test) => test(told)))?.suppression;
}

/** On the day of its expiry it no longer holds (UTC). */
export function isExpired({ expires }: Pick<Silencing, 'expires'>, now: Micros): boolean {
  if (expires === undefined) return false;
  const from = parseIsoMicros(`${expires}T00:00:00Z`);
  return from === undefined || now >= from;
}

/** `2027-02-24`, so many days after. */
export function dayAfter(now: Micros, days: number): string {
  return new Date((now + days * microsPerDay) / 1000).toISOString().slice(0, 10);
}

type Test = (told: Told) => boolean;

const kindsOf: Readonly<Record<Exclude<ScopeKey, 'detector'>, readonly EntityKind[]>> = {
  source: ['host', 'device'],
  from: ['host'],
  destination: ['address'],
  domain: ['domain'],
  fingerprint: ['tls-fingerprint'],
  user: ['user'],
  container: ['container'],
  image: ['image'],
  executable: ['executable'],
  file: ['file'],
};

function testsOf(suppression: Silencing): Test[] {
  const { below } = suppression;
  const isWeak: Test[] = below === undefined ? [] : [({ score }) => score !== undefined && score < below];
  const tests = (Object.keys(scopeKeys) as ScopeKey[]).flatMap((key): Test[] => {
    const given = suppression[key];
    if (given === undefined) return [];
    const values = typeof given === 'string' ? [given] : given;
    if (key === 'detector') return [({ detector }) => values.some((id) => `${detector}/`.startsWith(`${id}/`))];
    const matchers = values.map((value) => matcherOf(key, value));
    const kinds = kindsOf[key];
    // A finding that is also about something else was not what the reason was given for.
    return [
      ({ entities }) => {
        const named = entities.filter(({ kind }) => kinds.includes(kind));
        const concerned = key === 'from' ? named.slice(0, 1) : named;
        return concerned.length > 0 && concerned.every(({ value }) => matchers.some((matches) => matches(value)));
      },
    ];
  });
  return [...isWeak, ...tests];
}

/** Scopes whose values may be networks. */
export function isNetworkKey(key: ScopeKey): boolean {
  return key === 'source' || key === 'from' || key === 'destination';
}

function matcherOf(key: ScopeKey, value: string): (text: string) => boolean {
  if (key === 'domain') {
    const apex = domainForm(value.replace(/^\*?\./, ''));
    return (text) => `.${domainForm(text)}`.endsWith(`.${apex}`);
  }
  const range = isNetworkKey(key) ? parseCidr(value) : undefined;
  if (range !== undefined) {
    return (text) => {
      const number = parseIp(text);
      return number !== undefined && number >= range.first && number <= range.last;
    };
  }
  if (key === 'container' && /^[0-9a-f]{12,64}$/.test(value)) return (text) => isSameId(text, value);
  if (value.endsWith('*')) {
    const start = value.slice(0, -1);
    return (text) => text.startsWith(start) || withoutHost(text).startsWith(start);
  }
  return (text) => text === value || withoutHost(text) === value;
}

/** As names stand in evidence: small letters, `xn--` for others, without the root's dot. */
function domainForm(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, '');
  // What is no name of the DNS at all stays what it is.
  return /[^ -~]/.test(lower) ? domainToASCII(lower) || lower : lower;
}

/** Ids of containers stand in evidence whole (64 digits) or cut to 12 and more. */
function isSameId(text: string, id: string): boolean {
  return text.length >= 12 && (text.startsWith(id) || (/^[0-9a-f]+$/.test(text) && id.startsWith(text)));
}

/** Files are named `host:/path`. */
function withoutHost(text: string): string {
  const at = text.indexOf(':/');
  return at < 0 ? text : text.slice(at + 1);
}
