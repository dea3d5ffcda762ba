import { expect, test } from 'vitest';
import { inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const run = (...texts: readonly string[]): Outcome =>
  runConnection(analyzer, inTurn(...texts), { destinationPort: 6667 });
const login = 'PASS hush\r\nNICK bot\r\nUSER joe 0 * :Joe B\r\n';

test('shows names and channels, and keeps no password, key or message', () => {
  const { events, services } = run(login, ':srv 001 bot\r\n', 'JOIN #a,#b key\r\nPRIVMSG #a :words\r\n');
  expect(services).toEqual(['default']);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { command: 'NICK', value: 'bot' },
    { nick: 'bot', command: 'USER', value: 'joe', addl: '0 * Joe B' },
    { nick: 'bot', user: 'joe', command: 'JOIN', value: '#a', addl: '' },
    { nick: 'bot', user: 'joe', command: 'JOIN', value: '#b', addl: '' },
  ]);
  expect(JSON.stringify(events)).not.toMatch(/hush|key"|words/);
});

test('bytes that are no IRC are a violation', () => {
  expect(run('\x16\x03\x01\r\n').violations).toEqual(['no IRC command']);
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: Buffer.from(login),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('NICK b') })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('GET / HTTP/1.1\r\n') })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('USER ann\r\n'), resp: Buffer.from('220 hi\r\n') })).toBe(
    'no',
  );
});
