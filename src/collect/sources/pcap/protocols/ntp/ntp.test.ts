import { expect, test } from 'vitest';
import { inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const run = (...messages: readonly Uint8Array[]): Outcome =>
  runConnection(analyzer, inTurn(...messages), { transport: 'udp', destinationPort: 123 });
const fieldsOf = ({ events }: Outcome): unknown[] =>
  events.map((event) => JSON.parse(String(event['fields'])) as unknown);

test('shows time messages', () => {
  const bytes = Buffer.alloc(48);
  bytes.set([0x24, 1, 6, 0xec]);
  bytes.write('GPS', 12, 'latin1');
  bytes.writeUInt32BE(2_208_988_800 + 1_700_000_000, 40);
  bytes.writeUInt32BE(0x8000_0000, 44);
  expect(fieldsOf(run(bytes))).toEqual([
    expect.objectContaining({
      version: 4,
      mode: 4,
      stratum: 1,
      poll: 64,
      ref_id: 'GPS',
      org_time: 0,
      xmt_time: 1_700_000_000.5,
    }),
  ]);
});

test('tells precision, extensions and a reference of nothing as Zeek does', () => {
  const bytes = Buffer.concat([Buffer.from([0x23, 0, 6, 0xe9]), Buffer.alloc(44), Buffer.from([1, 4, 0, 16])]);
  const extended = Buffer.concat([bytes, Buffer.alloc(12), Buffer.alloc(20)]);
  expect(fieldsOf(run(extended))).toMatchObject([{ precision: 2 ** -23, num_exts: 1, ref_id: '\0\0\0\0' }]);
});

test('shows the requests that amplification uses', () => {
  const monlist = Uint8Array.from([0x17, 0, 3, 42, 0, 0, 0, 0]);
  expect(fieldsOf(run(monlist))).toMatchObject([{ version: 2, mode: 7, req_code: 42, is_response: false }]);
  expect(run(monlist).events.map((event) => event['log_name'])).toEqual(['ntp_private']);
  const readVariables = Uint8Array.from([0x16, 0x82, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(run(readVariables).events.map((event) => event['log_name'])).toEqual(['ntp_control']);
  expect(fieldsOf(run(readVariables))).toMatchObject([{ op_code: 2, sequence: 9, resp_bit: true, err_bit: false }]);
});

test('records of one connection are bounded', () => {
  expect(
    run(...Array.from({ length: 300 }, () => Buffer.concat([Buffer.from([0x23]), Buffer.alloc(47)]))).events,
  ).toHaveLength(100);
});

test('bytes that are no NTP are a violation', () => {
  expect(run(Buffer.from('short')).violations).toEqual(['no NTP message']);
});
