import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImage } from '../src/inspect/image/open-image.ts';
import { exportPolicy } from '../src/inspect/image/policy/export-policy.ts';
import { readImagePolicy } from '../src/inspect/image/policy/policy.ts';
import { openContentStore } from '../src/inspect/image/open-store.ts';
import { ociLayout, writeFiles } from './support/image-archive.ts';
import { hasLiveRegistry, startLiveRegistry, type LiveRegistry } from './support/live-registry.ts';

const run = promisify(execFile);

/** Docker's own registry on loopback, filled by skopeo. */
describe.skipIf(!hasLiveRegistry)('a real registry', () => {
  let folder: string;
  let registry: LiveRegistry;
  let host: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-live-registry-'));
    registry = await startLiveRegistry(folder);
    ({ host } = registry);
    const layers = [{ 'etc/passwd': 'root', 'etc/key': 'KEY' }, { 'etc/.wh.key': '' }];
    const images = ['amd64', 'arm64'].map((architecture) => ({ layers, architecture, run: { User: architecture } }));
    writeFiles(join(folder, 'layout'), ociLayout(images));
    const copy = ['copy', '--all', '--quiet', '--dest-tls-verify=false'];
    await run('skopeo', [...copy, `oci:${join(folder, 'layout')}:latest`, `docker://${host}/team/app:1`]);
  });

  afterAll(() => {
    registry.close();
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
