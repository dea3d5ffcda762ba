import { quote } from '../../../base/problem.ts';
import { formatIso } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Reason } from '../../../events/finding.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import { isUnanswered, type Direction } from './direction.ts';
import { compareTexts, countEvents, type CaseOfOne } from './grouping.ts';
import type { Sighting } from './sighting.ts';

/** A case with its weight. */
export interface Told extends CaseOfOne {
  readonly count: number;
  readonly score: number;
}

/** Lists that a finding names one by one. */
const namedLists = 20;

const verbs: Readonly<Record<Direction, string>> = {
  outward: 'contacted',
  resolved: 'asked for names that lead to',
  file: 'has',
  mail: 'exchanged mail with',
  login: 'let in a log-in from',
  answered: 'answered',
  refused: 'was tried by',
  passing: 'saw traffic of',
};

const plurals: Readonly<Partial<Record<Entity['kind'], string>>> = {
  address: 'addresses',
  domain: 'domains',
  url: 'URLs',
  'file-hash': 'files',
  file: 'files',
  'tls-fingerprint': 'TLS fingerprints',
  'user-agent': 'user agents',
  user: 'mail addresses',
};

export function titleOf(told: readonly Told[], lists: readonly string[]): string {
  const [first] = told;
  if (first === undefined) return '';
  const who = first.host ?? 'the network';
  const by = `listed by ${lists.slice(0, 3).join(', ')}${lists.length > 3 ? ` and ${lists.length - 3} more` : ''}`;
  const verb =
    first.direction === 'outward' && first.sightings.every((each) => isUnanswered(each))
      ? 'tried to reach'
      : verbs[first.direction];
  if (told.length > 1) return `${who} ${verb} ${told.length} ${plurals[first.subject.kind] ?? 'things'} ${by}`;
  return `${who} ${verb} ${first.subject.kind === 'user-agent' ? quote(first.subject.value) : first.subject.value}, ${by}`;
}

/** One reason for each list: what it says, how sure it is, until when. */
export function listReasons(refs: readonly IndicatorRef[], score: number): Reason[] {
  const byList = Map.groupBy(refs, (ref) => ref.list);
  const lists = [...byList].sort(([a], [b]) => compareTexts(a, b));
  const shown = lists.slice(0, namedLists).map(([list, entries]) => ({
    what: `listed by ${list}`,
    value: entries.slice(0, 3).map(wordsOf).join(' · '),
    weight: Math.round((score / lists.length) * 1000) / 1000,
  }));
  return lists.length <= namedLists
    ? shown
    : [...shown, { what: 'listed by more lists', value: String(lists.length - namedLists) }];
}

function wordsOf({ value, description, confidence, expires_at: expiresAt }: IndicatorRef): string {
  const parts = [
    value,
    description,
    confidence === null ? null : `confidence ${confidence}`,
    expiresAt === null ? null : `valid until ${formatIso(expiresAt).slice(0, 10)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** Where it was seen, how often, whether anything came back, and under which names. */
export function sightingReasons(sightings: readonly Sighting[], subject: Entity, most: number): Reason[] {
  const kinds = [...new Set(sightings.map((each) => each.kind))].sort();
  const seen = kinds.map((kind) => `${kind} ${countEvents(sightings.filter((each) => each.kind === kind))}`);
  const unanswered = sightings.filter((each) => isUnanswered(each));
  const columns = [...new Set(sightings.map((each) => each.observable.column))].sort();
  const values = [...new Set(sightings.map((each) => each.value))].filter((value) => value !== subject.value).sort();
  const names = [
    ...new Set(
      sightings.flatMap((each) => (each.observable.role === 'answered' && each.name !== null ? [each.name] : [])),
    ),
  ].sort();
  return [
    { what: 'seen in', value: `${seen.join(', ')} (${columns.join(', ')})` },
    ...(unanswered.length > 0 ? [{ what: 'unanswered', value: String(countEvents(unanswered)) }] : []),
    ...(values.length > 0 ? [{ what: 'seen as', value: cut(values, most) }] : []),
    ...(names.length > 0 ? [{ what: 'names that led to it', value: cut(names, most) }] : []),
  ];
}

function cut(values: readonly string[], most: number): string {
  const shown = values
    .slice(0, most)
    .map((value) => (value.length > 200 ? `${value.slice(0, 199)}…` : value))
    .join(', ');
  return values.length > most ? `${shown} and ${values.length - most} more` : shown;
}

/** ATT&CK techniques that the lists name in their descriptions. */
export function techniquesOf(refs: readonly IndicatorRef[]): string[] {
  const named = refs.flatMap((ref) => ref.description?.match(/\bT\d{4}(?:\.\d{3})?\b/g) ?? []);
  return [...new Set(named)].sort();
}
