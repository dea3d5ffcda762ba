import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

function packet(type: number, body: Uint8Array): Buffer {
  const header = Buffer.from([type, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(8 + body.length, 2);
  return Buffer.concat([header, body]);
}

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

function login(): Buffer {
  const fixed = Buffer.alloc(94);
  const parts: Buffer[] = [];
  let end = fixed.length;
  for (const [at, text] of [
    [36, 'PC'],
    [40, 'sa'],
    [44, 'secret'],
    [48, 'tool'],
    [68, 'shop'],
  ] as const) {
    fixed.writeUInt16LE(end, at);
    fixed.writeUInt16LE(text.length, at + 2);
    parts.push(wide(text));
    end += 2 * text.length;
  }
  return packet(16, Buffer.concat([fixed, ...parts]));
}

function error(number: number, text: string): Buffer {
  const token = Buffer.alloc(11);
  token[0] = 0xaa;
  token.writeUInt32LE(number, 3);
  token.writeUInt16LE(text.length, 9);
  return packet(4, Buffer.concat([token, wide(text)]));
}

const headers = Buffer.alloc(22);
headers.writeUInt32LE(22, 0);

test.each([1, 30, 4000])('tells log-ins and statements with their outcome (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    packet(18, Buffer.from([255])),
    packet(4, Buffer.from([255])),
    login(),
    error(18_456, 'Login failed'),
    login(),
    packet(4, Buffer.from([0xad, 0, 0])),
    packet(1, Buffer.concat([headers, wide("exec xp_cmdshell 'dir'")])),
    packet(4, Buffer.from([0x81, 0, 0])),
    packet(1, wide('select 1')),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 1433 });
  const who = { cmd: 'login', hostname: 'PC', user: 'sa', application: 'tool', database: 'shop' };
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { ...who, success: false, error: 18_456, response: 'Login failed' },
    { ...who, success: true },
    { cmd: 'query', arg: "exec xp_cmdshell 'dir'", success: true },
    { cmd: 'query', arg: 'select 1' },
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('ends where TLS begins', () => {
  const { violations } = runConnection(
    analyzer,
    inTurn(packet(18, Buffer.from([255])), '', Buffer.from([23, 3, 3, 0, 9])),
  );
  expect(violations).toEqual(['no TDS packet']);
});
