import type { Problem } from '../../../base/problem.ts';
import type { OsvRecord } from './osv.ts';

/** One release of a product and until when its maker repairs it (endoflife.date). */
export interface ReleaseEnd {
  /** Name of the product there: `alpine-linux`, `debian`. */
  readonly product: string;
  /** `3.11`. */
  readonly release: string;
  /** Day of the end of support, `2021-11-01`; `past` when only that is known; undefined when it has not come. */
  readonly end: string | undefined;
  /** Day on which also what goes on for longer ends: LTS, paid support. */
  readonly extendedEnd?: string;
}

/** Debian's own word on packages that it supports no more, or not for every use (package debian-security-support). */
export interface SupportLimit {
  /** `12`; undefined: every release. */
  readonly release: string | undefined;
  readonly level: 'ended' | 'limited';
  /** Name of a source package; may end with `.*`. */
  readonly package: string;
  /** Day from which on. */
  readonly since: string | undefined;
  readonly why: string;
}

/** What a file of advisories or of context gives, piece by piece. */
export type FeedEntry =
  | { readonly kind: 'advisory'; readonly record: OsvRecord }
  | { readonly kind: 'exploited'; readonly cve: string; readonly since: string; readonly byRansomware: boolean }
  | { readonly kind: 'epss'; readonly cve: string; readonly score: number; readonly percentile: number }
  | ({ readonly kind: 'release-end' } & ReleaseEnd)
  | ({ readonly kind: 'support' } & SupportLimit)
  | { readonly kind: 'problem'; readonly problem: Problem };

/** One file, opened from compression and archives. */
export interface FeedFile {
  /** Path, with `!` before the name inside an archive. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** A form in which advisories, or what belongs to them, are published. */
export interface AdvisoryFormat<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly description: string;
  readonly references: readonly string[];
  /** Cheap look at the path and the first 64 KiB; the highest wins, 0 is no. Must not throw. */
  detect(path: string, head: string): 0 | 1 | 2 | 3;
  /** Everything in the file. A bad record is a problem and the rest is read; must not throw. */
  read(file: FeedFile): Iterable<FeedEntry>;
}

/** Checks a format while keeping its literal id. */
export function defineAdvisoryFormat<const Id extends string>(format: AdvisoryFormat<Id>): AdvisoryFormat<Id> {
  return format;
}

/** A record that could not be understood, as an entry. */
export function badRecord(path: string, message: string, line?: number): FeedEntry {
  const at = line === undefined ? { path } : { path, line };
  return { kind: 'problem', problem: { code: 'bad-record', at, message } };
}
