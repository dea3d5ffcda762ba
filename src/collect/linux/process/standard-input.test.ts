import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectionIn, readNetworkInput } from './standard-input.ts';

/** As proc(5) shows them on a little-endian machine. */
const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const rest = '01 00000000:00000000 00:00000000 00000000     0        0';
const table = [
  head,
  `   0: 0100007F:9C56 097100CB:115C ${rest} 4711 1 ffff 20 4 30 10 -1`,
  `   1: 0100007F:9C57 097100CB:0050 ${rest} 47110 1 ffff 20 4 30 10 -1`,
  `   2: zz:9C57 097100CB:0050 ${rest} 9 1`,
].join('\n');

describe('a connection as standard input', () => {
  it('is found in the tables of sockets by its number', () => {
    expect(connectionIn(table, '4711')).toBe('127.0.0.1:40022->203.0.113.9:4444');
    expect(connectionIn(table, '9')).toBeUndefined();
    expect(connectionIn(table, '1')).toBeUndefined();
    expect(connectionIn('', '4711')).toBeUndefined();
    const six = `${head}\n   0: B80D0120000000000000000007000000:9C56 B80D0120000000000000000009000000:01BB ${rest} 5 1`;
    expect(connectionIn(six, '5')).toBe('[2001:db8::7]:40022->[2001:db8::9]:443');
  });

  it.skipIf(process.platform !== 'linux')('is read of a process that runs, and a pipe is none', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const code = `import os,socket,sys,time
s = socket.create_connection(('127.0.0.1', ${port}))
os.dup2(s.fileno(), 0)
print('x', flush=True)
time.sleep(20)`;
    const child = spawn('python3', ['-c', code], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data');
      const { type, name = '' } = readNetworkInput(child.pid ?? 0) ?? {};
      expect(type).toBe('ipv4');
      expect(name.endsWith(`->127.0.0.1:${port}`)).toBe(true);
      expect(readNetworkInput(process.pid)).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
      server.close();
    }
  });
});
