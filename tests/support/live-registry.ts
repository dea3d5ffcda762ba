import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface LiveRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  close(): void;
}

/** Docker's own registry and the program that fills it are here. */
export const hasLiveRegistry = ['docker-registry', 'skopeo'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
);

/** Starts Docker's own registry on loopback, empty, with its data below `folder`. */
export async function startLiveRegistry(folder: string): Promise<LiveRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const storage = `storage: {filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'data'))}}}`;
  writeFileSync(join(folder, 'config.yml'), `version: 0.1\n${storage}\nhttp: {addr: '${host}'}\nlog: {level: error}\n`);
  const registry = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await answers(`http://${host}/v2/`);
  return { host, close: () => void registry.kill() };
}

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
