import { isRecord, textOf, textsOf } from './json.ts';

/** Events of a range, in any order (OSV schema 1.7, affected[].ranges[].events). */
export interface OsvEvent {
  readonly introduced?: string;
  /** Ours: the first affected version is one after this. OSV cannot say so, requirements of Cargo and Bundler can. */
  readonly introduced_after?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
  readonly limit?: string;
}

export interface OsvRange {
  readonly type: string;
  readonly events: readonly OsvEvent[];
}

export interface OsvSeverity {
  readonly type: string;
  readonly score: string;
}

/** States of a fix that vendors tell; `not-affected` says that the package was looked at and never had the fault. */
export const vendorStates = ['not-fixed', 'wont-fix', 'postponed', 'end-of-life', 'not-affected'] as const;
export type VendorState = (typeof vendorStates)[number];

export interface OsvAffected {
  readonly ecosystem: string;
  readonly name: string;
  readonly ranges: readonly OsvRange[];
  readonly versions: readonly string[];
  readonly severity: readonly OsvSeverity[];
  /** GitHub: `<= 9.0.5` where no range says where it ends. */
  readonly lastKnown?: string;
  /** Word of the vendor: `unimportant`, `Moderate`. */
  readonly urgency?: string;
  readonly state?: VendorState;
  /** rpm: `name:stream` of the module that it is about. */
  readonly module?: string;
}

/** An advisory: the part of an OSV record that matching needs. Every native format is brought into this shape. */
export interface OsvRecord {
  readonly id: string;
  /** Other names of the same vulnerability. */
  readonly aliases: readonly string[];
  /** Vulnerabilities that this one passes on: of a distribution's record the CVE, of a bulletin all that it fixes. */
  readonly upstream: readonly string[];
  /** As written; ISO 8601. */
  readonly published?: string;
  readonly withdrawn?: string;
  readonly summary?: string;
  readonly severity: readonly OsvSeverity[];
  /** Word of the database: GitHub's `MODERATE`. */
  readonly urgency?: string;
  readonly affected: readonly OsvAffected[];
}

/** The record in a parsed JSON value, its odd parts left out; undefined when it has no id or no list of affected packages. */
export function toOsvRecord(value: unknown): OsvRecord | undefined {
  if (!isRecord(value) || typeof value['id'] !== 'string' || value['id'] === '') return undefined;
  if (value['affected'] !== undefined && !Array.isArray(value['affected'])) return undefined;
  const specific = isRecord(value['database_specific']) ? value['database_specific'] : {};
  const published = textOf(value['published']);
  const withdrawn = textOf(value['withdrawn']);
  const summary = textOf(value['summary']);
  const urgency = textOf(specific['severity']);
  return {
    id: value['id'],
    aliases: textsOf(value['aliases']),
    upstream: textsOf(value['upstream']),
    ...(published === undefined ? {} : { published }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
    ...(summary === undefined ? {} : { summary }),
    severity: severitiesOf(value['severity']),
    ...(urgency === undefined ? {} : { urgency }),
    affected: ((value['affected'] ?? []) as unknown[]).flatMap((entry) => affectedOf(entry) ?? []),
  };
}

function affectedOf(value: unknown): OsvAffected | undefined {
  if (!isRecord(value) || !isRecord(value['package'])) return undefined;
  const { ecosystem, name } = value['package'];
  if (typeof ecosystem !== 'string' || typeof name !== 'string') return undefined;
  const own = isRecord(value['database_specific']) ? value['database_specific'] : {};
  const ofEcosystem = isRecord(value['ecosystem_specific']) ? value['ecosystem_specific'] : {};
  const lastKnown = textOf(own['last_known_affected_version_range']);
  const urgency = textOf(ofEcosystem['urgency']) ?? textOf(ofEcosystem['severity']);
  return {
    ecosystem,
    name,
    ranges: Array.isArray(value['ranges']) ? value['ranges'].flatMap((range) => rangeOf(range) ?? []) : [],
    versions: textsOf(value['versions']),
    severity: severitiesOf(value['severity']),
    ...(lastKnown === undefined ? {} : { lastKnown }),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

function rangeOf(value: unknown): OsvRange | undefined {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !Array.isArray(value['events'])) return undefined;
  const events = value['events'].filter(isRecord).map((event): OsvEvent => {
    const entries = Object.entries(event).filter(([, version]) => typeof version === 'string');
    return Object.fromEntries(entries) as OsvEvent;
  });
  return { type: value['type'], events };
}

function severitiesOf(value: unknown): OsvSeverity[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => {
    if (!isRecord(entry)) return [];
    const [type, score] = [textOf(entry['type']), textOf(entry['score'])];
    return type === undefined || score === undefined ? [] : [{ type, score }];
  });
}
