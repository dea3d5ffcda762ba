import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import { accessClient, levelOf } from './message.ts';

const rest = '[10/Mar/2026:00:02:27 +0000] "GET / HTTP/1.1" 200 15 "-" "x"';

describe('accessClient', () => {
  it.each([
    [`203.0.113.9 - - ${rest}`, '203.0.113.9'],
    [`2001:DB8::0:1 - bob ${rest}`, '2001:db8::1'],
    [`::ffff:203.0.113.9 - - ${rest}`, '203.0.113.9'],
    [`shop.example:443 203.0.113.9 - - ${rest}`, '203.0.113.9'],
    [`203.0.113.9 - a user [with] ${rest} ${rest}`, '203.0.113.9'],
    ['203.0.113.9 - - [10/Mar/2026:00:02:27 +0000] "-" 408 -', '203.0.113.9'],
  ])('finds the client in %j', (line, client) => {
    expect(accessClient(line)).toBe(client);
  });

  it.each([
    '',
    `host.example - - ${rest}`,
    `999.0.113.9 - - ${rest}`,
    `text 203.0.113.9 - - ${rest}`,
    '203.0.113.9 connected',
    '203.0.113.9 - - [yesterday] "GET / HTTP/1.1" 200 15',
  ])('finds none in %j', (line) => {
    expect(accessClient(line)).toBeUndefined();
  });

  it('takes no longer for long lines', () => {
    const takenMs = processorClock();
    for (const text of [' ', '[', 'a ', '1.1.1.1 a [10/Mar/2026:00:02:27 ', 'a:1 ', '1']) {
      accessClient(text.repeat(500_000));
      accessClient(`1.1.1.1 - ${text.repeat(500_000)}`);
      levelOf(text.repeat(500_000));
    }
    expect(takenMs()).toBeLessThan(4000);
  });
});

describe('levelOf', () => {
  it.each([
    ['2026-03-10 00:21:02,070 INFO  [main] started', 'INFO'],
    ['2026-03-10T00:21:02.070Z ERROR failed', 'ERROR'],
    ['2026/03/10 00:21:02 [error] 31#31: *1 open() failed', 'error'],
    ['[2026-03-10 00:21:02 +0000] [WARNING] worker', 'WARNING'],
    ['WARN: low', 'WARN'],
    ['warning: low', 'warning'],
    ['[Notice] up', 'Notice'],
    ['level=info msg=x', 'info'],
    ['FATAL', 'FATAL'],
  ])('finds it in %j', (line, level) => {
    expect(levelOf(line)).toBe(level);
  });

  it.each(['', 'error handling is on', 'INFORMATION', 'ERROR.log opened', '[main] INFO x', 'note: x', 'the ERROR'])(
    'finds none in %j',
    (line) => {
      expect(levelOf(line)).toBeUndefined();
    },
  );
});
