import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileHashes } from './file-hashes.ts';
import { readExecutable } from './proc-reader.ts';
import { readProgram } from './program.ts';
import { Shells } from './shells.ts';

const hashes = new FileHashes();
const of = hashes.of.bind(hashes);
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('shells', () => {
  it('are known by name, and copies by what they consist of', () => {
    const shells = new Shells(() => undefined);
    expect(shells.isNamed('/usr/bin/dash')).toBe(true);
    expect(shells.isNamed('/tmp/a')).toBe(false);
    expect(shells.isNamed(undefined)).toBe(false);
    expect(shells.isCopy('ab')).toBe(false);
    shells.learn('ab');
    shells.learn(undefined);
    expect(shells.isCopy('ab')).toBe(true);
    expect(shells.isCopy(undefined)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux' || !hasPython)(
    'under another name show the connection that they read from, and other programs do not',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vakthund-shells-'));
      const server = createServer();
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      /** Starts a copy of a program that has a connection, or a pipe, as its input. */
      const inputOf = async (original: string, isConnected: boolean, ...args: string[]) => {
        const program = join(folder, 'a');
        copyFileSync(original, program);
        const connects = isConnected
          ? `s=socket.create_connection(('127.0.0.1', ${port})); os.dup2(s.fileno(), 0);`
          : '';
        const code = `import os,socket,sys; ${connects} os.execv('${program}', ['kworker', *sys.argv[1:]])`;
        const child = spawn('python3', ['-c', code, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
        const pid = child.pid ?? 0;
        try {
          while (readExecutable(pid) !== program) await new Promise((done) => setTimeout(done, 10));
          return readProgram(pid, { of, shells: new Shells(of) }).input;
        } finally {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
      };
      try {
        const input = await inputOf('/bin/sh', true);
        expect(input?.type).toBe('ipv4');
        expect(input?.name.endsWith(`->127.0.0.1:${port}`)).toBe(true);
        expect(await inputOf('/bin/sh', false)).toBeUndefined();
        expect(await inputOf('/bin/sleep', true, '20')).toBeUndefined();
      } finally {
        server.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
