import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditctl, withAuditing } from '../../../../tests/support/kernel-audit.ts';
import { AuditSocket, statusOf } from '../../linux/audit/audit-socket.ts';
import { sensor } from './index.ts';
import { serialOf } from './record-lines.ts';
import { SerialWindow } from './serial-window.ts';
import { Spool } from '../_shared/spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const canRun = (await sensor.whyNot()) === undefined && auditctl('-s').includes('enabled');

describe('the audit sensor', () => {
  it.skipIf(!canRun)(
    'writes the records of a real program that audit rules ask for',
    { timeout: 120_000 },
    async () => {
      const rule = ['always,exit', '-F', 'arch=b64', '-S', 'execve', '-F', 'auid=424242', '-k', 'vakthund-test'];
      const stop = new AbortController();
      const lost: string[] = [];
      const text = (): string =>
        readdirSync(folder)
          .map((file) => readFileSync(join(folder, file), 'utf8'))
          .join('');
      await withAuditing(async () => {
        auditctl('-a', ...rule);
        const ended = sensor.record({
          folder,
          signal: stop.signal,
          onLost: (_count, why) => lost.push(why),
          onNote: () => undefined,
          guarded: [],
          onContainerProcess: () => undefined,
          onContainer: () => undefined,
        });
        try {
          for (let tries = 0; tries < 300 && !/key="vakthund-test"/.test(text()); tries++) {
            spawnSync('sh', ['-c', 'echo 424242 > /proc/self/loginuid; exec /bin/true one "two words"']);
            await sleep(100);
          }
        } finally {
          auditctl('-d', ...rule);
          stop.abort();
          await ended;
        }
      });
      expect(text()).toMatch(/^type=SYSCALL msg=audit\(\d+\.\d{3}:\d+\): .*auid=424242 .*key="vakthund-test"$/m);
      expect(text()).toMatch(
        /^type=EXECVE msg=audit\([^)]*\): argc=3 a0="\/bin\/true" a1="one" a2=74776F20776F726473$/m,
      );
      expect(text()).toMatch(/^type=EOE msg=audit\(\d+\.\d{3}:\d+\):$/m);
      expect(readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o777)).toContain(0o600);
      expect(lost).toEqual([]);
    },
  );

  it.skipIf(!canRun)('counts what did not fit into its buffer', { timeout: 120_000 }, async () => {
    const opened = join(folder, 'opened');
    const rule = ['always,exit', '-F', 'arch=b64', '-S', 'open,openat', '-F', `dir=${opened}`, '-k', 'vakthund-test'];
    mkdirSync(opened);
    await withAuditing(async () => {
      const socket = new AuditSocket(16 * 1024);
      const serials = new SerialWindow();
      const seen = new Set<number>();
      let isOverrun = false;
      const drain = (): void => {
        for (let message = socket.receive(); message !== undefined; message = socket.receive()) {
          if (message === 'lost') {
            serials.overran();
            isOverrun = true;
          } else if (message.type >= 1100) {
            const serial = serialOf(message.payload);
            seen.add(serial);
            serials.see(serial, 'other');
          }
        }
        serials.emptied();
      };
      auditctl('-a', ...rule);
      try {
        // Read before the flood, so that the numbering is known; nothing is read during it.
        for (let tries = 0; tries < 300 && seen.size === 0; tries++, await sleep(20)) {
          closeSync(openSync(join(opened, 'file'), 'w'));
          drain();
        }
        for (let tries = 0; tries < 100 && !isOverrun; tries++) {
          for (let count = 0; count < 500; count++) closeSync(openSync(join(opened, 'file'), 'r'));
          // The kernel hands records over in its own time.
          await sleep(200);
          drain();
        }
        let loss: ReturnType<SerialWindow['settle']>;
        for (let tries = 0; tries < 300 && loss === undefined; tries++, await sleep(20)) {
          drain();
          closeSync(openSync(join(opened, 'file'), 'r'));
          loss = serials.settle();
        }
        expect(loss?.missing).toBeGreaterThan(0);
        const numbers = [...seen].toSorted((a, b) => a - b);
        const span = (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1;
        expect(loss?.missing).toBeLessThanOrEqual(span - seen.size);
      } finally {
        auditctl('-d', ...rule);
        socket.close();
      }
    });
  });

  it('reads the status of the kernel, and nothing else as one', () => {
    const payload = Buffer.alloc(40);
    payload.writeUInt32LE(1, 4);
    payload.writeUInt32LE(77, 12);
    payload.writeUInt32LE(5, 24);
    expect(statusOf({ type: 1000, payload })).toEqual({
      isEnabled: true,
      isLocked: false,
      daemonPid: 77,
      rateLimit: 0,
      backlogLimit: 0,
      lost: 5,
    });
    expect(statusOf({ type: 1000, payload: payload.subarray(0, 20) })).toBeUndefined();
    expect(statusOf({ type: 1300, payload })).toBeUndefined();
  });
});

describe('the spool', () => {
  it('removes the oldest files when the bound is reached, and never the one it writes', () => {
    writeFileSync(join(folder, 'audit-20200101T000000-000Z.log'), 'x'.repeat(1000));
    writeFileSync(join(folder, 'audit-20200102T000000-000Z.log'), 'y'.repeat(1000));
    writeFileSync(join(folder, 'another.log'), 'z');
    const spool = new Spool(folder, 'audit', 64 * 1024 * 1024 + 1500);
    spool.write('a\n');
    spool.write('b\n');
    spool.close();
    const files = readdirSync(folder).sort();
    expect(files).toHaveLength(3);
    expect(files).not.toContain('audit-20200101T000000-000Z.log');
    expect(readFileSync(join(folder, files[2] ?? ''), 'utf8')).toBe('a\nb\n');
  });

  it('begins the next file when the one that it writes was taken away, or its folder', () => {
    const own = join(folder, 'own');
    const spool = new Spool(own, 'audit', 1e9, 'h\n');
    const contents = (): string[] => readdirSync(own).map((file) => readFileSync(join(own, file), 'utf8'));
    spool.write('a\n');
    rmSync(join(own, readdirSync(own)[0] ?? ''));
    spool.write('b\n');
    expect(contents()).toEqual(['h\nb\n']);
    rmSync(own, { recursive: true });
    spool.write('c\n');
    expect(contents()).toEqual(['h\nc\n']);
    spool.close();
  });
});
