import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readLoaderVariables, type LoaderVariables } from './proc-reader.ts';

/** What is told of the environment of a program that was started with it. */
async function toldOf(env: Readonly<Record<string, string>>): Promise<LoaderVariables | undefined> {
  const child = spawn('/bin/sleep', ['60'], { env, stdio: 'ignore' });
  try {
    // Between fork and exec it has the environment of its parent.
    for (let tries = 0; tries < 600; tries++) {
      const told = readLoaderVariables(child.pid ?? 0);
      if (told?.values['LD_AUDIT'] === '/vakthund-test') return told;
      await sleep(50);
    }
    return undefined;
  } finally {
    child.kill('SIGKILL');
  }
}

describe.skipIf(process.platform !== 'linux')('what is told of an environment', () => {
  it.each([
    ['http://anna:secret@proxy.example:3128', 'http://proxy.example:3128'],
    ['anna:secret@proxy.example:3128', 'proxy.example:3128'],
    ['http://anna:se/cr@et@proxy.example', 'http://proxy.example'],
    ['http://proxy.example:3128', 'http://proxy.example:3128'],
    [`http://anna:${'secret'.repeat(500)}@proxy.example`, 'http://proxy.example'],
  ])('is no login of a proxy: %s', async (given, told) => {
    const found = await toldOf({ LD_AUDIT: '/vakthund-test', https_proxy: given, PASSWORD: 'secret' });
    expect(found?.values).toEqual({ LD_AUDIT: '/vakthund-test', https_proxy: told });
  });

  it('is a library as it stands there, whatever signs it has', async () => {
    const found = await toldOf({ LD_AUDIT: '/vakthund-test', LD_PRELOAD: '/opt/a@b/c.so' });
    expect(found?.values['LD_PRELOAD']).toBe('/opt/a@b/c.so');
  });
});
