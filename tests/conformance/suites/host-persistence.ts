import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { severityRank } from '../../../src/events/finding.ts';
import type { Claim } from '../../../src/inspect/claim.ts';
import { inspectHost } from '../../../src/inspect/host/inspect-host.ts';
import { LiveHost } from '../../../src/inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../src/inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../src/inspect/tree/tree.ts';
import { ThrowAwayContainer } from '../../support/throw-away-container.ts';
import { ThrowAwayHost } from '../../support/throw-away-host.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { describe, missing, type Simulation } from './host-sims/expectation.ts';

interface Tally {
  total: number;
  readonly skips: SuiteSkip[];
  readonly failed: SuiteFailure[];
  readonly figures: Record<string, number>;
}

/**
 * Simulated backdoors (`host/sims`), each planted live in a throw-away copy of this machine and in
 * a container of podman, and the recorded root (`host/rootfs`) that they
 * were planted in, against its clean base.
 */
export const suite: Suite = {
  id: 'host/persistence',
  async run(corpus): Promise<SuiteResult> {
    const tally: Tally = { total: 0, skips: [], failed: [], figures: {} };
    recorded(join(corpus, 'host/rootfs'), tally);
    await live(join(corpus, 'host/sims/sims.json'), tally);
    contained(join(corpus, 'host/sims/sims.json'), tally);
    const { total, skips, failed, figures } = tally;
    return { total, skipped: skips.length, passed: total - skips.length - failed.length, failed, skips, figures };
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
    const names = ['clean base', ...sims.map(({ id }) => id)];
    for (const name of names) skip(`recorded/${name}`, 'owners and capabilities of files need root', tally);
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
    for (const { id } of sims) skip(`live/${id}`, 'no throw-away copy of this machine can be made here', tally);
    return;
  }
  try {
    const codes = await host.run(sims.map(({ setup = '' }) => setup));
    const tree = new FolderTree(host.root);
    const startedAt = performance.now();
    const { claims } = inspectHost(tree, { live: new LiveHost(new ProcFolder(), { root: host.root }) });
    tally.figures['live_seconds'] = Math.round((performance.now() - startedAt) / 100) / 10;
    judgeAll('live', sims, codes, claims, tree, tally);
  } finally {
    host.close();
  }
}

/** All simulations together in a container, which is looked at from outside by the root of its process. */
function contained(path: string, tally: Tally): void {
  if (!existsSync(path)) return;
  const sims = JSON.parse(readFileSync(path, 'utf8')) as readonly Simulation[];
  const container = ThrowAwayContainer.create();
  if (container === undefined) {
    for (const { id } of sims) skip(`container/${id}`, 'no container can be started here', tally);
    return;
  }
  try {
    const codes = container.run(sims.map(({ setup = '' }) => setup));
    const tree = new FolderTree(container.root);
    const mountNamespace = readlinkSync(join(dirname(container.root), 'ns/mnt'));
    const { claims } = inspectHost(tree, { live: new LiveHost(new ProcFolder(), { mountNamespace }) });
    judgeAll('container', sims, codes, claims, tree, tally);
  } finally {
    container.close();
  }
}

/** A simulation whose script failed (there is no folder for it, where no cron is installed) was not planted: it is skipped, and counted. */
function judgeAll(
  where: string,
  sims: readonly Simulation[],
  codes: readonly number[],
  claims: readonly Claim[],
  tree: FileTree,
  tally: Tally,
): void {
  for (const [index, sim] of sims.entries()) {
    if (codes[index] === 0) judgeSimulation(`${where}/${sim.id}`, sim, claims, tree, tally);
    else {
      skip(`${where}/${sim.id}`, 'its script failed here: what it changes is not there', tally);
      tally.figures[`${where}_not_planted`] = (tally.figures[`${where}_not_planted`] ?? 0) + 1;
    }
  }
}

function judgeSimulation(name: string, sim: Simulation, claims: readonly Claim[], tree: FileTree, tally: Tally): void {
  const isRecorded = name.startsWith('recorded/');
  if (isRecorded && sim.expect.some(({ note }) => note !== undefined)) {
    skip(name, 'only the running machine shows it, and this is a recorded root', tally);
    return;
  }
  const wrong = sim.expect.flatMap((expected) => {
    const why = missing(expected, claims, tree);
    return why === undefined ? [] : [{ why, expected: describe(expected) }];
  });
  judgeCase(name, wrong.map(({ why }) => why).join('; '), wrong.map(({ expected }) => expected).join('; '), tally);
}

function skip(name: string, why: string, tally: Tally): void {
  tally.total++;
  tally.skips.push({ case: name, why });
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
