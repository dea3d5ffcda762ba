import { matchesGlob } from 'node:path';
import { severityRank, type Severity } from '../../../../src/events/finding.ts';
import type { Claim } from '../../../../src/inspect/claim.ts';
import type { FileTree } from '../../../../src/inspect/tree/tree.ts';

/** One finding that a simulation must give, as `sims.json` says it. */
export interface Expectation {
  readonly kind: string;
  readonly min_severity: Severity;
  readonly path?: string;
  readonly alt_path?: string;
  readonly path_glob?: string;
  readonly user?: string;
  readonly exe?: string;
  readonly cmdline?: string;
  readonly process?: string;
  readonly port?: number;
  /** Why it cannot be seen in a recording. */
  readonly note?: string;
}

export interface Simulation {
  readonly id: string;
  readonly kind?: 'file' | 'process';
  readonly setup?: string;
  readonly expect: readonly Expectation[];
}

/** What is wrong with the claims for an expectation; undefined when one of them meets it. */
export function missing(expected: Expectation, claims: readonly Claim[], tree: FileTree): string | undefined {
  const there = claims.filter((claim) => isAbout(claim, expected, tree));
  if (there.length === 0) return 'nothing was found there';
  const alike = there.filter(({ detector }) => isKind(detector, expected.kind));
  if (alike.length === 0) return `found as ${there.map(({ detector }) => detector).join(', ')}`;
  const wanted = severityRank(expected.min_severity);
  if (alike.some(({ severity }) => severityRank(severity) >= wanted)) return undefined;
  return `found as ${alike.map(({ detector, severity }) => `${detector} ${severity}`).join(', ')}`;
}

export function describe({
  kind,
  min_severity,
  path,
  path_glob,
  user,
  exe,
  cmdline,
  process,
  port,
}: Expectation): string {
  const where = path_glob ?? path ?? user ?? exe ?? cmdline ?? process ?? port ?? '';
  return `${kind} at ${where}, ${min_severity} or over`;
}

function isAbout(claim: Claim, expected: Expectation, tree: FileTree): boolean {
  const { path, alt_path, path_glob, user, exe, cmdline, process, port } = expected;
  const said = (what: string): string => claim.reasons.find((reason) => reason.what === what)?.value ?? '';
  const names = (kind: string): string[] => claim.entities.filter((one) => one.kind === kind).map(({ value }) => value);
  if (path_glob !== undefined) return matchesGlob(claim.path, path_glob) || matchesGlob(claim.path.slice(1), path_glob);
  if (path !== undefined) {
    const places = [path, alt_path].filter((place) => place !== undefined);
    return places.some((place) => claim.path === place || claim.path === tree.lstat(place)?.path);
  }
  if (user !== undefined) return names('user').includes(user);
  if (exe !== undefined) return said('executable') === exe;
  if (cmdline !== undefined) return said('command line').startsWith(cmdline);
  if (process !== undefined) {
    return (
      names('process').some((name) => name.endsWith(`/${process}`)) ||
      said('executable').split('/').at(-1)?.startsWith(process) === true
    );
  }
  return port !== undefined && claim.reasons.some(({ value }) => value.endsWith(`:${port}`));
}

/**
 * `persistence.cron` is `persistence/cron`, `account.uid0` is `persistence/accounts/uid0`: the group before the dot is left away, and the rest is
 * the technique, its rule, or shares a word with them.
 */
function isKind(detector: string, kind: string): boolean {
  const wanted = (kind.split('.').at(-1) ?? '').replaceAll('_', '-');
  const parts = detector.split('/').slice(1);
  if (parts.includes(wanted)) return true;
  const words = new Set(parts.flatMap((part) => part.split('-')));
  return wanted.split('-').some((word) => words.has(word));
}
