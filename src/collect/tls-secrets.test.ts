import { describe, expect, test } from 'vitest';
import { CarriedKeyLog, JoinedSecrets, KeyLog, looksLikeKeyLog, noSecrets } from './tls-secrets.ts';

const random = 'ab'.repeat(32);
const secret = '01'.repeat(48);

describe('a key log', () => {
  test('holds the secrets of a session under its random, in whatever case they were written', () => {
    const log = new KeyLog();
    expect(log.add(`CLIENT_RANDOM ${random.toUpperCase()} ${secret}\r`)).toBe(true);
    expect(log.add(`CLIENT_TRAFFIC_SECRET_0 ${random} ${'02'.repeat(32)}`)).toBe(true);
    expect(log.find(random)).toEqual({
      CLIENT_RANDOM: Buffer.alloc(48, 1),
      CLIENT_TRAFFIC_SECRET_0: Buffer.alloc(32, 2),
    });
    expect(log.size).toBe(1);
  });

  test.each([
    ['# written by a browser', true],
    ['   ', true],
    [`EXPORTER_SECRET ${random} ${secret}`, true],
    [`CLIENT_RANDOM ${random} ${secret.slice(0, 20)}`, false],
    [`CLIENT_RANDOM ${random.slice(2)} ${secret}`, false],
    ['GET / HTTP/1.1', false],
  ])('takes %j: %s', (line, isTaken) => {
    const log = new KeyLog();
    expect(log.add(line)).toBe(isTaken);
    expect(log.size).toBe(0);
  });

  test('is told by its first entry, behind comments', () => {
    const head = (text: string): Buffer => Buffer.from(text);
    expect(looksLikeKeyLog(head(`# SSL\n\nCLIENT_RANDOM ${random} ${secret}\n`))).toBe(true);
    expect(looksLikeKeyLog(head('# SSL\n'))).toBe(false);
    expect(looksLikeKeyLog(head(`a line\nCLIENT_RANDOM ${random} ${secret}\n`))).toBe(false);
  });

  test('is asked after the secrets of the capture itself', () => {
    const [own, beside] = [new KeyLog(), new KeyLog()];
    beside.add(`CLIENT_RANDOM ${random} ${secret}`);
    expect(new JoinedSecrets(own, beside).find(random)).toEqual({ CLIENT_RANDOM: Buffer.alloc(48, 1) });
    expect(new JoinedSecrets(own, noSecrets)).toMatchObject({ size: 0 });
  });
});

test('secrets that come after somebody asked for them are told, once', () => {
  const log = new CarriedKeyLog();
  expect(log.find(random)).toBeUndefined();
  expect(log.takeLate()).toBe(0);
  log.add(`CLIENT_RANDOM ${random} ${secret}`);
  log.add(`CLIENT_RANDOM ${'cd'.repeat(32)} ${secret}`);
  expect(log.find(random)).toBeDefined();
  expect([log.takeLate(), log.takeLate()]).toEqual([1, 0]);
});
