import type { Micros } from '../../base/time.ts';
import type { Reason, Severity } from '../../events/finding.ts';
import type { YaraMatch, YaraString } from '../../match/yara/yara.ts';
import type { Claim } from '../claim.ts';

/** A file that rules of YARA were asked about. */
export interface ScannedFile {
  /** Where it stands; inner names after `!`. */
  readonly path: string;
  readonly sha256: string;
  /** When it came to be, or was carried; undefined when nothing tells. */
  readonly time?: Micros | undefined;
  /** What else is known of it: who carried it, when. */
  readonly facts?: readonly Reason[];
  /** Packet or record that it stands in. */
  readonly line?: number;
}

/** Strings of one rule that are told, and places of each. */
const maxStrings = 10;
const maxOffsets = 10;
const maxMetaTold = 12;

/** What a rule that matches says of a file: its own words, and where its strings stand. */
export function yaraClaim(match: YaraMatch, file: ScannedFile): Claim {
  const { rule, description, tags, meta, strings } = match;
  const { path, sha256, time, facts = [], line } = file;
  return {
    detector: `files/yara/${rule}`,
    title: `file that the rule ${rule} knows`,
    sentence: `${path} matches ${rule}${description === '' ? '' : `: ${description.slice(0, 200)}`}`,
    severity: severityOf(meta),
    score: 0.8,
    path,
    ...(line === undefined ? {} : { line }),
    ...(time === undefined ? {} : { time }),
    about: [sha256],
    entities: [
      { kind: 'file', value: path },
      { kind: 'file-hash', value: sha256 },
    ],
    attack: techniquesIn(meta, tags),
    reasons: [
      ...meta.slice(0, maxMetaTold).map(([what, value]) => ({ what: `the rule's ${what}`, value })),
      ...(tags.length === 0 ? [] : [{ what: 'tags', value: tags.slice(0, 20).join(', ') }]),
      ...strings.slice(0, maxStrings).map(placesOf),
      ...facts,
      { what: 'SHA-256', value: sha256 },
    ],
    vanishes: 'the rule did not match the content of the file',
    next: 'Read the rule and its reference, and look at the file at the bytes named.',
  };
}

function placesOf({ identifier, offsets }: YaraString): Reason {
  const more = offsets.length > maxOffsets ? ` and ${offsets.length - maxOffsets} more` : '';
  const word = offsets.length === 1 ? 'byte' : 'bytes';
  return { what: identifier, value: `${word} ${offsets.slice(0, maxOffsets).join(', ')}${more}` };
}

const named: ReadonlyMap<string, Severity> = new Map([
  ['informational', 'info'],
  ['info', 'info'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['critical', 'critical'],
]);

/** From how many points on, the highest first. */
const bands: readonly (readonly [least: number, severity: Severity])[] = [
  [80, 'high'],
  [60, 'medium'],
  [40, 'low'],
  [0, 'info'],
];

/**
 * As far as the rule says: `severity` as a word or, like `score`, from 0 to 100 (the custom of signature-base and of Elastic's
 * rules). A rule that says nothing was written because of something bad.
 */
function severityOf(meta: YaraMatch['meta']): Severity {
  for (const [name, value] of meta) {
    const key = name.toLowerCase();
    if (key !== 'severity' && key !== 'score') continue;
    const word = named.get(value.toLowerCase());
    if (word !== undefined) return word;
    const band = value.trim() === '' ? undefined : bands.find(([least]) => Number(value) >= least);
    if (band !== undefined && Number(value) <= 100) return band[1];
  }
  return 'high';
}

function techniquesIn(meta: YaraMatch['meta'], tags: readonly string[]): string[] {
  const texts = [...meta.filter(([name]) => /mitre|att_?&?ck/i.test(name)).map(([, value]) => value), ...tags];
  const found = texts.flatMap((text) => text.match(/\bT\d{4}(?:[._]\d{3})?\b/gi) ?? []);
  return [...new Set(found.map((technique) => technique.toUpperCase().replace('_', '.')))].slice(0, 10);
}
