import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailSink, syslogSink, type Sink } from './support/message-sinks.ts';
import { startWatch, type RunningWatch } from './support/running-watch.ts';

let folder: string;
let watch: RunningWatch | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-sinks-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(async () => {
  await watch?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Falco's alert of a machine of its own, so that none is a repeat. */
const alert = (serial: number): string =>
  `${JSON.stringify({ time: new Date().toISOString(), rule: `Rule ${serial}`, priority: 'Critical', source: 'syscall', hostname: `host${serial}`, output: `act${serial}.`, output_fields: {} })}\n`;

const rounds = 4;
const perRound = 8;

describe('syslog and mail', () => {
  it(
    'outlive receivers that are down and a watch that is killed four times: nothing is lost',
    { timeout: 600_000 },
    async () => {
      const [syslog, mail] = [await syslogSink(), await mailSink()];
      const sinks: readonly Sink[] = [syslog, mail];
      const log = join(folder, 'logs', 'falco.json');
      writeFileSync(log, '');
      const start = (): RunningWatch => {
        const to = ['--syslog', `tcp://127.0.0.1:${syslog.port}`, '--email', 'soc@example.org'];
        const mailing = ['--smtp', `smtp://127.0.0.1:${mail.port}`, '--email-every', '1'];
        const place = ['--case', join(folder, 'case'), '--judge-every', '3600'];
        return startWatch(join(folder, 'logs'), ...place, ...to, ...mailing);
      };
      const isJudged = (notices: Record<string, unknown>[]): boolean => notices.some(({ type }) => type === 'status');
      let serial = 0;
      for (let round = 0; round < rounds; round++) {
        if (round % 2 === 0) for (const sink of sinks) await sink.down();
        else for (const sink of sinks) await sink.up();
        watch = start();
        await watch.until(isJudged);
        for (let line = 0; line < perRound; line++) {
          appendFileSync(log, alert(++serial));
          await sleep(20);
        }
        // In the middle of reading, telling or sending: wherever it happens to be.
        await sleep(round * 41);
        await watch.end('SIGKILL');
      }
      watch = start();
      await watch.until(isJudged);
      const wanted = Array.from({ length: serial }, (_, at) => `act${at + 1}.`);
      const missing = ({ taken }: Sink): string[] => wanted.filter((act) => !taken.some((text) => text.includes(act)));
      const isMissing = (): boolean => sinks.some((sink) => missing(sink).length > 0);
      for (let tries = 0; tries < 1200 && isMissing(); tries++) await sleep(50);
      expect(sinks.map(missing)).toEqual([[], []]);
      expect(await watch.end('SIGTERM')).toBe(0);
      // Twice is what was sent and not yet noted as taken when the watch was killed: one message of syslog a kill at most, or one mail.
      const acts = syslog.taken.filter((text) => /act\d+\./.test(text));
      expect(acts.length - serial).toBeLessThanOrEqual(rounds);
      for (const sink of sinks) await sink.down();
    },
  );
});
