import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

test.each([1, 6, 3000])('tells commands with their outcome (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    command('auth', 'secret'),
    '-WRONGPASS no\r\n',
    command('SET', 'key', 'v'.repeat(2000)) + command('config', 'set', 'dir', '/root/.ssh'),
    '+OK\r\n+OK\r\n',
    command('LRANGE', 'list', '0', '-1'),
    '*2\r\n$1\r\na\r\n*1\r\n$-1\r\n',
    'PING\r\n',
    '+PONG\r\n',
    command('GET', 'key'),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 6379 });
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { 'cmd.name': 'AUTH', success: false, 'reply.value': 'WRONGPASS no' },
    { 'cmd.name': 'SET', 'cmd.key': 'key', 'cmd.value': 'v'.repeat(1024), success: true, 'reply.value': 'OK' },
    { 'cmd.name': 'CONFIG', 'cmd.value': 'set dir', success: true, 'reply.value': 'OK' },
    { 'cmd.name': 'LRANGE', 'cmd.key': 'list', 'cmd.value': '0', success: true },
    { 'cmd.name': 'PING', success: true, 'reply.value': 'PONG' },
    { 'cmd.name': 'GET', 'cmd.key': 'key' },
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test.each(['*99999999\r\n', '$abc\r\n', '\x16\x03\x01\r\n'])('%j is a violation', (bytes) => {
  expect(runConnection(analyzer, inTurn(bytes)).violations).toEqual(['no Redis message']);
});
