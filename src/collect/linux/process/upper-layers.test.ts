import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UpperLayers } from './upper-layers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-layers-'));
  for (const name of ['memory', 'root']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An overlay in mounts of its own: its layers lie in memory, because the temporary folder may itself be on an overlay. */
const inOverlay = (line: string): readonly string[] => [
  '-m',
  'sh',
  '-c',
  `cd "$0"; mount -t tmpfs none memory && mkdir memory/lower memory/upper memory/work && mkdir memory/lower/folder && cp /bin/sleep memory/lower/old && cp /bin/sleep memory/lower/folder/old &&
  mount -t overlay none -o "lowerdir=$0/memory/lower,upperdir=$0/memory/upper,workdir=$0/memory/work" root && cd root && ${line}`,
  folder,
];
const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'd=$(mktemp -d) && mount -t tmpfs none $d']).status === 0;

describe('programs of containers', () => {
  it.skipIf(!canMount)('are told apart by whether they came with the image', async () => {
    const run = async (line: string, runs: RegExp, told?: string): Promise<boolean | undefined> => {
      const child = spawn('unshare', inOverlay(line), { stdio: 'ignore' });
      const pid = child.pid ?? 0;
      try {
        for (let tries = 0; tries < 500; tries++) {
          const program = readlinkSync(`/proc/${pid}/exe`);
          // Its layers lie where only its own mounts show them.
          if (runs.test(program)) {
            return new UpperLayers(`/proc/${pid}/root`).holdsProgram(pid, 'c'.repeat(64), told ?? program);
          }
          await sleep(10);
        }
        return undefined;
      } finally {
        child.kill('SIGKILL');
      }
    };
    expect(await run('exec ./old 20', /\/old$/)).toBe(false);
    expect(await run('cp old new && exec ./new 20', /\/new$/)).toBe(true);
    expect(await run('cp old new && { (sleep 0.2; rm new) & exec ./new 20; }', /\/new \(deleted\)$/)).toBe(true);
    expect(await run('{ (sleep 0.2; rm old) & exec ./old 20; }', /\/old \(deleted\)$/)).toBe(false);
    expect(await run('{ (sleep 0.2; rm -r folder) & exec folder/old 20; }', /\/old \(deleted\)$/)).toBe(false);
    const root = join(folder, 'root');
    const isNew = ['cp old new && exec ./new 20', /\/new$/] as const;
    expect(await run(...isNew, `${root}/folder/../x/../new`)).toBe(true);
    expect(await run(...isNew, `${root}/${'a/'.repeat(2100)}new`)).toBeUndefined();
  });

  it('are not judged where nothing can be read, or on no overlay', () => {
    const layers = new UpperLayers();
    expect(layers.holdsProgram(2 ** 30, 'a', '/bin/sh')).toBeUndefined();
    copyFileSync('/bin/sleep', join(folder, 'new'));
    expect(layers.holdsProgram(process.pid, 'b', '/proc/self/exe')).toBeUndefined();
  });
});
