import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSteps, runConnection, type Outcome, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { AuthenticationGuess } from './authentication.ts';
import { analyzer } from './index.ts';

const text = (value: string): Buffer => Buffer.concat([number(value.length), Buffer.from(value)]);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function packet(message: number, payload: Uint8Array): Buffer {
  const padding = Buffer.alloc(8);
  const body = Buffer.concat([Buffer.from([padding.length, message]), payload, padding]);
  return Buffer.concat([number(body.length), body]);
}

function offer(...lists: readonly string[]): Buffer {
  const rest = ['', ''];
  return packet(20, Buffer.concat([Buffer.alloc(16), ...[...lists, ...rest].map(text), Buffer.alloc(5)]));
}

const clientLists = [
  'curve25519-sha256,dh14',
  'ssh-ed25519',
  'aes-a,aes-b',
  'aes-a,aes-b',
  'mac-1',
  'mac-1',
  'none',
  'none',
];
const serverLists = [
  'dh14,curve25519-sha256',
  'ssh-rsa,ssh-ed25519',
  'aes-b,aes-a',
  'aes-b',
  'mac-1',
  'mac-1',
  'none',
  'none',
];
const hostKey = Buffer.from('the host key');
const client = (bytes: Uint8Array | string): Step => ({ from: 'client', bytes });
const server = (bytes: Uint8Array | string): Step => ({ from: 'server', bytes });

const setUp: readonly Step[] = [
  client('SSH-2.0-client_1\r\n'),
  server('SSH-2.0-server_2\r\n'),
  client(offer(...clientLists)),
  server(offer(...serverLists)),
  server(packet(31, Buffer.concat([text(hostKey.toString()), text('q'), text('s')]))),
  client(packet(21, Buffer.alloc(0))),
  server(packet(21, Buffer.alloc(0))),
];
const run = (steps: readonly Step[]): Outcome => runConnection(analyzer, steps, { destinationPort: 22 });

test('shows both sides, what they agree on, and the host key', () => {
  const { events, services } = run(setUp);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    ssh_version: 2,
    ssh_client: 'SSH-2.0-client_1',
    ssh_server: 'SSH-2.0-server_2',
    ssh_kex: 'curve25519-sha256',
    ssh_host_key_algorithm: 'ssh-ed25519',
    ssh_cipher: 'To server: aes-a, to client: aes-b',
    ssh_mac: 'mac-1',
    ssh_compression: 'none',
    ssh_host_key: `SHA256:${createHash('sha256').update(hostKey).digest('base64').slice(0, 43)}`,
    ssh_hassh: createHash('md5').update('curve25519-sha256,dh14;aes-a,aes-b;mac-1;none').digest('hex'),
    ssh_hassh_server: createHash('md5').update('dh14,curve25519-sha256;aes-b;mac-1;none').digest('hex'),
    ssh_auth_success: null,
    ssh_auth_attempts: 0,
  });
});

test('is read the same however the segments are cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
      const { events } = run(cutSteps(setUp, size));
      expect(events[0]).toMatchObject({ ssh_kex: 'curve25519-sha256', ssh_hassh_server: expect.any(String) });
    }),
    { numRuns: 40 },
  );
});

test('guesses from sizes that a log-in was refused, and then let in', () => {
  const sizes = [
    client(Buffer.alloc(50)),
    server(Buffer.alloc(44)),
    client(Buffer.alloc(60)),
    server(Buffer.alloc(80)),
  ];
  const refused = [client(Buffer.alloc(100)), server(Buffer.alloc(80))];
  const accepted = [client(Buffer.alloc(100)), server(Buffer.alloc(28))];
  expect(run([...setUp, ...sizes, ...refused]).events[0]).toMatchObject({
    ssh_auth_success: false,
    ssh_auth_attempts: 1,
  });
  expect(run([...setUp, ...sizes, ...refused, ...accepted]).events[0]).toMatchObject({
    ssh_auth_success: true,
    ssh_auth_attempts: 2,
  });
});

describe('the guess', () => {
  const guess = (...steps: readonly (readonly [boolean, number])[]): AuthenticationGuess => {
    const result = new AuthenticationGuess();
    for (const [isOrig, length] of steps) result.encrypted(isOrig, length);
    return result;
  };

  test('passes over a banner, and what the server says before the client', () => {
    const result = guess(
      [false, 999],
      [true, 1],
      [false, 44],
      [false, 900],
      [false, 80],
      [false, 80],
      [false, 28],
      [false, 80],
    );
    expect(result).toMatchObject({ isSuccess: true, attempts: 2 });
  });
});

test('takes 1.99 for what the other side speaks', () => {
  const version = (a: string, b: string): unknown =>
    run([client(`SSH-${a}-a\n`), server(`SSH-${b}-b\n`)]).events[0]?.['ssh_version'];
  expect([version('2.0', '1.99'), version('1.99', '1.5'), version('1.99', '1.99'), version('1.5', '2.0')]).toEqual([
    2, 1, 2, 0,
  ]);
  expect(version('name-v3', 'name-v3')).toBe(0);
});

test('bytes that are no SSH are a violation', () => {
  expect(run([client('GET / HTTP/1.1\r\n')]).violations).toEqual(['no SSH identification']);
  expect(run([...setUp.slice(0, 2), client(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 20]))]).violations).toEqual([
    'no SSH packet',
  ]);
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: Buffer.from('SSH-2.0-x'),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('SSH-chisel-v3-client') })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('SS') })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('SSX') })).toBe('no');
});
