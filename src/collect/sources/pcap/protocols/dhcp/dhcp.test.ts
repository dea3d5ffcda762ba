import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';
import { readDhcpMessage } from './message.ts';

const mac = [2, 0, 0, 0, 0, 1];

function message(operation: number, type: number, options: readonly number[], yourAddress = [0, 0, 0, 0]): Buffer {
  const bytes = Buffer.alloc(240);
  bytes.set([operation, 1, 6, 0, 0, 0, 0, 7]);
  bytes.set(yourAddress, 16);
  bytes.set(mac, 28);
  bytes.writeUInt32BE(0x63825363, 236);
  return Buffer.concat([bytes, Buffer.from([53, 1, type, ...options, 255])]);
}

const option = (code: number, text: string): number[] => [code, text.length, ...Buffer.from(text)];
const request = message(1, 3, [
  ...option(12, 'laptop'),
  ...option(60, 'MSFT 5.0'),
  55,
  3,
  1,
  3,
  6,
  50,
  4,
  10,
  0,
  0,
  9,
  81,
  4,
  0,
  0,
  0,
  97,
]);
const acknowledgement = message(2, 5, [...option(15, 'lan.test'), 51, 4, 0, 0, 14, 16], [10, 0, 0, 9]);
const facts = {
  transport: 'udp',
  sourceIp: '0.0.0.0',
  sourcePort: 68,
  destinationIp: '10.0.0.1',
  destinationPort: 67,
} as const;

test('joins the messages of one exchange', () => {
  const steps: Step[] = [
    { from: 'client', bytes: request },
    { from: 'server', bytes: acknowledgement },
  ];
  const { events, services } = runConnection(analyzer, steps, facts);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    time: 2_000_000,
    uid: 'C1',
    client_mac: '02:00:00:00:00:01',
    client_ip: '10.0.0.9',
    server_ip: '10.0.0.1',
    source_ip: '10.0.0.9',
    destination_ip: '10.0.0.1',
    dhcp_assigned_ip: '10.0.0.9',
    dhcp_requested_ip: '10.0.0.9',
    dhcp_host_name: 'laptop',
    dhcp_client_fqdn: 'a',
    dhcp_domain: 'lan.test',
    dhcp_vendor_class: 'MSFT 5.0',
    dhcp_parameters: ['1', '3', '6'],
    dhcp_message_types: ['REQUEST', 'ACK'],
    dhcp_lease_time: 3_600_000_000,
  });
});

test('hands an exchange over when it is silent for too long, or names too much', () => {
  const many = Array.from({ length: 120 }, (): Step => ({ from: 'client', bytes: request }));
  const { events } = runConnection(analyzer, many, facts);
  expect(events.map((event) => (event['dhcp_message_types'] as readonly string[]).length)).toEqual([50, 50, 20]);
});

test('joins an option that comes in pieces, and ends on any bytes', () => {
  const long = readDhcpMessage(message(1, 1, [...option(12, 'ab'), ...option(12, 'cd')]));
  expect(Buffer.from(long?.options.get(12) ?? []).toString()).toBe('abcd');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
      const read = readDhcpMessage(Buffer.concat([request.subarray(0, 243), tail]));
      expect(read?.type).toBe(3);
    }),
  );
});

test('bytes that are no DHCP are a violation', () => {
  expect(runConnection(analyzer, [{ from: 'client', bytes: 'x' }], facts).violations).toEqual(['no DHCP message']);
});
