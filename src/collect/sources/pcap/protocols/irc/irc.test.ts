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

test('shows files and talks that users offer each other, from either side, and expects the connections', () => {
  const { events, expected, announced } = run(
    `${login}JOIN #a\r\nPRIVMSG ann :\u0001DCC SEND "a b/my file.exe" 167772161 42000 5000\u0001\r\n`,
    ':eve!e@h PRIVMSG bot :\u0001DCC SEND up.zip 2001:db8::9 1026\u0001\r\n',
    'PRIVMSG ann :\u0001DCC CHAT chat 167772161 42001\u0001\r\nPRIVMSG ann :\u0001DCC SEND late 0 0 9 7\u0001\r\n',
    ':eve PRIVMSG bot :DCC SEND talk 167772161 42000 5000\r\n:eve PRIVMSG bot :\u0001DCC SEND x 99999999999 1 1\u0001\r\n',
  );
  expect(expected).toEqual([
    '10.0.0.1 42000 irc-dcc-data',
    '2001:db8::9 1026 irc-dcc-data',
    '10.0.0.1 42001 irc-dcc-chat',
  ]);
  expect(announced).toEqual([{ name: 'my file.exe' }, { name: 'up.zip' }]);
  const who = { nick: 'bot', user: 'joe', command: 'DCC', value: '#a', addl: '' };
  expect(events.slice(3).map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { ...who, dcc_file_name: 'my file.exe', dcc_file_size: 5000 },
    { ...who, dcc_file_name: 'up.zip' },
    { ...who, command: 'DCC CHAT', dcc_address: '10.0.0.1', dcc_port: 42001 },
  ]);
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
