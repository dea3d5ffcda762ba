import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { OwnPodman } from './support/own-podman.ts';
import { recipeContext } from './support/recipe-context.ts';

/** What works without rights over limits and control groups, as in a machine of CI. */
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000'];
const folder = mkdtempSync(join(tmpdir(), 'vakthund-recipe-'));
const store = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run'), '--runtime', 'runc'];

/** Its exit code, and all that it said. */
function podman(...args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('podman', [...store, ...args], { encoding: 'utf8', timeout: 500_000 });
  return { code: status, text: `${stdout}${stderr}` };
}

/** Whether containers run here at all. */
async function canRun(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const short = mkdtempSync(join(tmpdir(), 'vkr-'));
  const own = await OwnPodman.start(short);
  await own?.stop();
  rmSync(short, { recursive: true, force: true });
  return own !== undefined;
}
const isThere = await canRun();

afterAll(() => {
  if (isThere) {
    for (const command of ['rm', 'rmi']) podman(command, '-af');
  }
  rmSync(folder, { recursive: true, force: true });
});

const falco = (text: string): string =>
  `${JSON.stringify({ time: new Date().toISOString(), rule: text, priority: 'Critical', source: 'syscall', hostname: 'web01', output: text, output_fields: {} })}\n`;

/** Runs the built image as the guide says, until it was told of an event; gives what it said, its capabilities and its exit code. */
async function watched(
  name: string,
  ...options: readonly string[]
): Promise<{ said: string; rights: string; code: string }> {
  const logs = join(folder, name);
  mkdirSync(logs);
  chmodSync(folder, 0o755);
  writeFileSync(join(logs, 'falco.json'), '', { mode: 0o644 });
  const read = ['--read-only', '--tmpfs', '/tmp', '--network', 'none', '-v', `${logs}:/logs:ro`, '-v', `${name}:/case`];
  const started = podman(
    'run',
    '-d',
    '--name',
    name,
    ...limits,
    ...read,
    ...options,
    'localhost/vakthund',
    '/logs',
    '--sensor',
    'auto',
  );
  expect(started).toMatchObject({ code: 0 });
  const until = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 1800 && !podman('logs', name).text.includes(text); tries++) await sleep(100);
  };
  await until(' status ');
  appendFileSync(join(logs, 'falco.json'), falco(`act in ${name}`));
  await until(`act in ${name}`);
  podman('stop', '--time', '30', name);
  const [rights = '', code = ''] = podman('inspect', '--format', '{{.EffectiveCaps}};{{.State.ExitCode}}', name)
    .text.trim()
    .split(';');
  return { said: podman('logs', name).text, rights, code };
}

describe.skipIf(!isThere)('the recipe of the guide', () => {
  it(
    'builds, watches with a read-only root and no right, and says which sensors cannot run so, with rights neither',
    { timeout: 900_000 },
    async () => {
      const { base, recipe, context } = recipeContext(folder);
      expect(podman('import', base, 'localhost/base:1')).toMatchObject({ code: 0 });
      const built = podman(
        'build',
        '--isolation',
        'chroot',
        ...limits,
        '--build-arg',
        'NODE=localhost/base:1',
        '-t',
        'localhost/vakthund',
        '-f',
        recipe,
        context,
      );
      expect(built).toMatchObject({ code: 0 });
      const bare = await watched('bare', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges');
      expect([bare.said, bare.rights, bare.code]).toEqual([expect.stringContaining('act in bare'), '[]', '0']);
      // The guide: audit and process events answer only in the first namespaces, whatever rights are given.
      const rights = ['AUDIT_READ', 'AUDIT_CONTROL', 'NET_ADMIN', 'SYS_PTRACE'].flatMap((right) => [
        '--cap-add',
        right,
      ]);
      const given = await watched('given', ...rights, '--user', '0:0');
      expect([given.said, given.code]).toEqual([expect.stringContaining('act in given'), '0']);
      for (const { said } of [bare, given]) {
        for (const sensor of ['audit', 'process-events', 'fanotify', 'containers']) {
          expect(said).toContain(`sensor   ${sensor} unavailable: `);
        }
      }
    },
  );
});
