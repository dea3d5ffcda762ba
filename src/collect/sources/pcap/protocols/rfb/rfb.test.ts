import { expect, test } from 'vitest';
import { cutSteps, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const server = (bytes: string): Step => ({ from: 'server', bytes });
const client = (bytes: string): Step => ({ from: 'client', bytes });
const desktop = '\x04\0\x03\0'.concat('\0'.repeat(16), '\0\0\0\x05', 'kiosk');
const facts = { destinationPort: 5900 };

test.each([1, 5, 500])('tells a session with a password (pieces of %i bytes)', (size) => {
  const steps = [
    server('RFB 003.008\n'),
    client('RFB 003.008\n'),
    server('\x02\x01\x02'),
    client('\x02'),
    server('c'.repeat(16)),
    client('r'.repeat(16)),
    server('\0\0\0\0'),
    client('\x01'),
    server(desktop),
  ];
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), facts);
  expect(services).toEqual(['default']);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    {
      client_major_version: '003',
      client_minor_version: '008',
      server_major_version: '003',
      server_minor_version: '008',
      authentication_method: 'VNC',
      auth: true,
      share_flag: true,
      width: 1024,
      height: 768,
      desktop_name: 'kiosk',
    },
  ]);
});

test('tells an old desktop without a password', () => {
  const steps = [server('RFB 003.003\n'), client('RFB 003.003\n'), server('\0\0\0\x01'), client('\0'), server(desktop)];
  const { events } = runConnection(analyzer, steps, facts);
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({ authentication_method: 'None', share_flag: false });
});

test('what is none is a violation', () => {
  expect(runConnection(analyzer, [server('HTTP/1.1 200'), client('RFB 003.008\n')], facts).violations).toEqual([
    'no RFB version',
  ]);
  const first = { transport: 'tcp', orig: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.({ ...first, resp: Buffer.from('RFB 003.008\n') })).toBe('match');
  expect(analyzer.recognize?.({ ...first, resp: Buffer.from('RFB ') })).toBe('more');
  expect(analyzer.recognize?.({ ...first, resp: Buffer.from('SSH-2.0-x\r\n') })).toBe('no');
});
