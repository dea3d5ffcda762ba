import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImage } from '../src/inspect/image/open-image.ts';
import { exportPolicy } from '../src/inspect/image/policy/export-policy.ts';
import { readImagePolicy } from '../src/inspect/image/policy/policy.ts';
import { openContentStore } from '../src/inspect/image/open-store.ts';
import { ociLayout, writeFiles } from './support/image-archive.ts';

const run = promisify(execFile);
const isThere = ['docker-registry', 'skopeo'].every((program) => spawnSync(program, ['--version']).status === 0);

/** Docker's own registry on loopback, filled by skopeo. */
describe.skipIf(!isThere)('a real registry', () => {
  let folder: string;
  let registry: ChildProcess;
  let host: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-live-registry-'));
    host = `127.0.0.1:${await freePort()}`;
    const storage = `storage: {filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'data'))}}}`;
    writeFileSync(
      join(folder, 'config.yml'),
      `version: 0.1\n${storage}\nhttp: {addr: '${host}'}\nlog: {level: error}\n`,
    );
    registry = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    await answers(`http://${host}/v2/`);
    const layers = [{ 'etc/passwd': 'root', 'etc/key': 'KEY' }, { 'etc/.wh.key': '' }];
    const images = ['amd64', 'arm64'].map((architecture) => ({ layers, architecture, run: { User: architecture } }));
    writeFiles(join(folder, 'layout'), ociLayout(images));
    const copy = ['copy', '--all', '--quiet', '--dest-tls-verify=false'];
    await run('skopeo', [...copy, `oci:${join(folder, 'layout')}:latest`, `docker://${host}/team/app:1`]);
  });

  afterAll(() => {
    registry.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives an image by tag, platform and digest', async () => {
    const byTag = await openImage(`${host}/team/app:1`, { platform: 'linux/arm64' });
    expect(byTag.config.user).toBe('arm64');
    expect(byTag.layers.map(({ isVerified }) => isVerified)).toEqual([true, true]);
    expect(byTag.tree.list('/etc').map(({ path }) => path)).toEqual(['/etc/passwd']);
    expect([...byTag.hiddenFiles()].map(({ read }) => read()?.toString())).toEqual(['KEY']);
    expect(byTag.drainProblems()).toEqual([]);
    const byDigest = await openImage(`docker://${host}/team/app@${byTag.manifest?.digest}`);
    expect(byDigest.id).toBe(byTag.id);
    byTag.close();
    byDigest.close();
  });

  it('is kept by podman and its kin as the exported policy says', async () => {
    const allowed = (registries: string): string => {
      const path = join(folder, 'image-policy.yaml');
      writeFileSync(path, `registries: [${registries}]`);
      const { text } = exportPolicy('containers', readImagePolicy(path), []);
      writeFileSync(join(folder, 'policy.json'), text);
      return join(folder, 'policy.json');
    };
    const copy = (policy: string, to: string): Promise<unknown> => {
      const tail = ['--src-tls-verify=false', `docker://${host}/team/app:1`, `dir:${join(folder, to)}`];
      return run('skopeo', ['--policy', policy, 'copy', '--quiet', ...tail]);
    };
    await copy(allowed(`${host}/team`), 'taken');
    await expect(copy(allowed(`${host}/teamwork`), 'refused')).rejects.toThrow(/rejected by policy/);
  });

  it('lists tags, and has no referrers', async () => {
    const { store, start } = await openContentStore(`${host}/team/app:1`);
    expect(await store.tags()).toEqual(['1']);
    expect(await store.referrers(start.digest)).toEqual([]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
    await wait(100);
  }
  throw new Error(`${url} does not answer`);
}
