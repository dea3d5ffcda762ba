import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { severityRank } from '../../../src/events/finding.ts';
import type { Claim } from '../../../src/inspect/claim.ts';
import { inspectHost } from '../../../src/inspect/host/inspect-host.ts';
import { LiveHost } from '../../../src/inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../src/inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../src/inspect/tree/tree.ts';
import { ThrowAwayHost } from '../../support/throw-away-host.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { describe, missing, type Simulation } from './host-sims/expectation.ts';

interface Tally {
  total: number;
  skipped: number;
  readonly failed: SuiteFailure[];
  readonly figures: Record<string, number>;
}

/**
 * Simulated backdoors (`host/sims`), each planted live in a throw-away copy of this machine, and the recorded root (`host/rootfs`) that they
 * were planted in, against its clean base.
 */
export const suite: Suite = {
  id: 'host/persistence',
  async run(corpus): Promise<SuiteResult> {
    const tally: Tally = { total: 0, skipped: 0, failed: [], figures: {} };
    recorded(join(corpus, 'host/rootfs'), tally);
    await live(join(corpus, 'host/sims/sims.json'), tally);
    const { total, skipped, failed, figures } = tally;
    return { total, skipped, passed: total - skipped - failed.length, failed, figures };
  },
};

/** Claims above low on the clean base, then each simulation in the root that is made of base and changes. */
function recorded(folder: string, tally: Tally): void {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const base = files.find((file) => /base.*\.tar\.gz$/.test(file));
  const upper = files.find((file) => /upper.*\.tar\.gz$/.test(file));
  const expected = files.find((file) => file.endsWith('expected.json.gz'));
  if (base === undefined || upper === undefined || expected === undefined) return;
  const { sims } = JSON.parse(gunzipSync(readFileSync(join(folder, expected))).toString()) as {
    readonly sims: Simulation[];
  };
  if (process.getuid?.() !== 0) {
    // Owners and capabilities of files are part of what is looked at.
    tally.total += sims.length + 1;
    tally.skipped += sims.length + 1;
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'vakthund-recorded-'));
  try {
    const tree = new FolderTree(unpack(join(folder, base), root));
    const before = inspectHost(tree).claims.filter(isAboveLow);
    judgeCase('recorded/clean base', before.map(nameOf).join('; '), 'nothing above low', tally);
    unpack(join(folder, upper), root);
    const claims = inspectHost(tree).claims;
    for (const sim of sims) judgeSimulation(`recorded/${sim.id}`, sim, claims, tree, tally);
    tally.figures['clean_findings_above_low'] = before.length;
    tally.figures['recorded_findings_above_low'] = claims.filter(isAboveLow).length;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** All simulations together in one copy of this machine: what is there without them is not judged here. */
async function live(path: string, tally: Tally): Promise<void> {
  if (!existsSync(path)) return;
  const sims = JSON.parse(readFileSync(path, 'utf8')) as readonly Simulation[];
  const host = ThrowAwayHost.create();
  if (host === undefined) {
    tally.total += sims.length;
    tally.skipped += sims.length;
    return;
  }
  try {
    await host.run(sims.map(({ setup = '' }) => setup));
    const tree = new FolderTree(host.root);
    const startedAt = performance.now();
    const { claims } = inspectHost(tree, { live: new LiveHost(new ProcFolder(), { root: host.root }) });
    tally.figures['live_seconds'] = Math.round((performance.now() - startedAt) / 100) / 10;
    for (const sim of sims) judgeSimulation(`live/${sim.id}`, sim, claims, tree, tally);
  } finally {
    host.close();
  }
}

function judgeSimulation(name: string, sim: Simulation, claims: readonly Claim[], tree: FileTree, tally: Tally): void {
  const isRecorded = name.startsWith('recorded/');
  if (isRecorded && sim.expect.some(({ note }) => note !== undefined)) {
    tally.total++;
    tally.skipped++;
    return;
  }
  const wrong = sim.expect.flatMap((expected) => {
    const why = missing(expected, claims, tree);
    return why === undefined ? [] : [{ why, expected: describe(expected) }];
  });
  judgeCase(name, wrong.map(({ why }) => why).join('; '), wrong.map(({ expected }) => expected).join('; '), tally);
}

function judgeCase(name: string, got: string, want: string, tally: Tally): void {
  tally.total++;
  if (got !== '') tally.failed.push({ case: name, got, want });
}

function isAboveLow({ severity }: Claim): boolean {
  return severityRank(severity) > severityRank('low');
}

function nameOf({ detector, path, severity }: Claim): string {
  return `${detector} ${severity} ${path}`;
}

function unpack(archive: string, root: string): string {
  mkdirSync(root, { recursive: true });
  const options = ['--xattrs', '--xattrs-include=*', '--numeric-owner', '-xpzf', archive, '-C', root];
  const { status, stderr } = spawnSync('tar', options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${archive} cannot be unpacked: ${stderr}`);
  return root;
}
