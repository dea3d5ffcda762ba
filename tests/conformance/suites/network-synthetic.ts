import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analytic } from '../../../src/detect/analytic.ts';
import { analytics } from '../../../src/detect/analytics/registry.generated.ts';
import { analyseAsRita } from '../../../src/detect/rita/analyse.ts';
import { createFilter } from '../../../src/detect/rita/filter.ts';
import { ritaProfiles } from '../../../src/detect/rita/profile.ts';
import type { Finding } from '../../../src/events/finding.ts';
import type { Store } from '../../../src/store/store.ts';
import type { LocalNetworks } from '../../../src/base/networks.ts';
import { findingsOf, withEvidence } from '../evidence-store.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/** A pair that the generator planted: `kind`, `src`, `dst`, `dport`, `conns`, `note`. */
interface Planted {
  readonly kind: string;
  readonly src: string;
  readonly dst: string;
  readonly note: string;
}

/** What each planted kind must become: a finding of one analytic, or none of the beacon's. */
const wanted: Readonly<Record<string, string>> = {
  beacon: 'beacon',
  'exfil-chunks': 'exfiltration',
  'long-connection': 'long-connection',
};

export const suite: Suite = {
  id: 'network/synthetic',
  async run(corpus: string): Promise<SuiteResult> {
    const engines = join(corpus, 'engines');
    const tally = new Tally();
    for (const name of existsSync(engines) ? readdirSync(engines).sort() : []) {
      const folder = join(engines, name);
      if (!existsSync(join(folder, 'truth.tsv'))) continue;
      await judgeFolder(name, folder, tally);
    }
    const { total, skipped, failed, figures } = tally;
    return { total, skipped, passed: total - skipped - failed.length, failed, figures };
  },
};

class Tally {
  total = 0;
  skipped = 0;
  readonly failed: SuiteFailure[] = [];
  readonly figures: Record<string, number | string> = {};

  check(name: string, isRight: boolean, got: string, want: string): void {
    this.total++;
    if (!isRight) this.failed.push({ case: name, got, want });
  }

  skip(): void {
    this.total++;
    this.skipped++;
  }
}

async function judgeFolder(name: string, folder: string, tally: Tally): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'vakthund-synthetic-'));
  try {
    const logs = unpackedLogs(folder, scratch);
    if (logs.length === 0) {
      tally.skip();
      return;
    }
    const planted = readTruth(join(folder, 'truth.tsv'));
    const lines = logs.reduce((sum, log) => sum + countRows(log), 0);
    await withEvidence(logs, async (store, networks) => {
      const rows = await store.count('flow');
      tally.check(`${name}: rows`, rows === lines, String(rows), String(lines));
      await judgePairs(name, planted, store, networks, tally);
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Logs of a folder; those under xz are unpacked by its command, and are none where that is not installed. */
function unpackedLogs(folder: string, scratch: string): string[] {
  const logs: string[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.log') || file.endsWith('.log.gz')) logs.push(join(folder, file));
    if (!file.endsWith('.log.xz')) continue;
    const target = join(scratch, file.slice(0, -'.xz'.length));
    const output = openSync(target, 'w');
    try {
      execFileSync('xz', ['-dc', join(folder, file)], { stdio: ['ignore', output, 'ignore'] });
      logs.push(target);
    } catch {
      return [];
    } finally {
      closeSync(output);
    }
  }
  return logs;
}

function countRows(log: string): number {
  const text = readFileSync(log, 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

function readTruth(file: string): Planted[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const values = line.split('\t');
    const value = (name: string): string => values[names.indexOf(name)] ?? '';
    return { kind: value('kind'), src: value('src'), dst: value('dst'), note: value('note') };
  });
}

async function judgePairs(
  name: string,
  planted: readonly Planted[],
  store: Store,
  networks: LocalNetworks,
  tally: Tally,
): Promise<void> {
  const list: Readonly<Record<string, Analytic>> = analytics;
  const byAnalytic = new Map<string, Finding[]>();
  for (const id of new Set(Object.values(wanted))) {
    const analytic = list[id];
    if (analytic !== undefined) byAnalytic.set(id, await findingsOf(analytic, store, networks));
  }
  const beacons = byAnalytic.get('beacon') ?? [];
  const weakest = weakestBeacon(planted, beacons);
  for (const pair of planted) {
    const label = `${name}: ${pair.kind} ${pair.src} to ${pair.dst}`;
    const id = wanted[pair.kind];
    const findings = id === undefined ? beacons : byAnalytic.get(id);
    if (findings === undefined) tally.skip();
    else if (id === undefined) checkHarmless(label, pair, findFor(beacons, pair), weakest, tally);
    else tally.check(label, findFor(findings, pair) !== undefined, 'no finding', `analytics/${id}`);
  }
  Object.assign(tally.figures, await figuresOf(name, planted, beacons, store));
}

/** Decoys are no finding at all; what is periodic but common may be a low one that stands below every beacon. */
function checkHarmless(
  label: string,
  pair: Planted,
  finding: Finding | undefined,
  weakest: number,
  tally: Tally,
): void {
  const isLow =
    finding !== undefined && finding.score < weakest && (finding.severity === 'low' || finding.severity === 'info');
  const isRight = finding === undefined || (!pair.kind.startsWith('decoy') && isLow);
  tally.check(label, isRight, `${finding?.severity ?? ''} ${finding?.score ?? ''}`, 'no finding');
}

function weakestBeacon(planted: readonly Planted[], beacons: readonly Finding[]): number {
  const scores = planted
    .filter((pair) => pair.kind === 'beacon')
    .map((pair) => findFor(beacons, pair)?.score ?? Infinity);
  return Math.min(1, ...scores);
}

function findFor(findings: readonly Finding[], pair: Planted): Finding | undefined {
  const has = (finding: Finding, value: string): boolean => finding.entities.some((entity) => entity.value === value);
  return findings.find((finding) => has(finding, pair.src) && has(finding, pair.dst));
}

/** Recall and false findings of ours, and of RITA's shipped rule on the same rows, at its low and high category. */
async function figuresOf(
  name: string,
  planted: readonly Planted[],
  beacons: readonly Finding[],
  store: Store,
): Promise<Record<string, number | string>> {
  const pairsOf = (fits: (pair: Planted) => boolean): Set<string> =>
    new Set(planted.filter(fits).map((pair) => `${pair.src} ${pair.dst}`));
  const isBeacon = pairsOf((pair) => pair.kind === 'beacon');
  // A regular upload is a beacon's finding too, and no false one.
  const isHarm = pairsOf((pair) => wanted[pair.kind] !== undefined);
  const ours = beacons.map((finding) =>
    finding.entities
      .map((entity) => entity.value)
      .slice(0, 2)
      .join(' '),
  );
  const threats = await analyseAsRita(store, {
    profile: ritaProfiles['rita-shipped'],
    filter: createFilter({}),
    timeCondition: 'TRUE',
    isRolling: false,
  });
  const rita = (score: number): string[] =>
    threats
      .filter((threat) => threat.indicators.beacon > 0 && threat.finalScore >= score)
      .map((threat) => `${threat.source} ${threat.destination}`);
  const figures: Record<string, number | string> = {};
  const add = (who: string, pairs: readonly string[]): void => {
    const right = new Set(pairs.filter((pair) => isBeacon.has(pair))).size;
    figures[`${name} ${who} recall`] = Math.round((right / Math.max(1, isBeacon.size)) * 1000) / 1000;
    figures[`${name} ${who} false findings`] = pairs.filter((pair) => !isHarm.has(pair)).length;
  };
  add('ours', ours);
  add('rita >= low', rita(0.2));
  add('rita >= high', rita(0.6));
  return figures;
}
