import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../base/logger.ts';
import { sources } from '../../../../collect/sources/registry.generated.ts';
import { columnEntries, newEvent, type EventRow, type KindId } from '../../../../events/event.ts';
import { logLayouts, type FieldType, type LogLayout } from './logs.ts';
import { recordRow } from './records.ts';
import { jsonRow, tsvFooter, tsvHeader, tsvRow } from './rows.ts';

/** Values that are hard to write down, by column type. */
const samples: Readonly<Record<string, EventRow[string]>> = {
  text: 'a b, "c" \\x09 \t -é',
  integer: 17,
  boolean: true,
  time: 1_700_000_000_123_456,
  duration: 1_500_000,
  ip: '2001:db8::5',
  'text[]': ['one', 'two'],
};
/** Columns whose values have a form of their own. */
const special: Readonly<Record<string, EventRow[string]>> = {
  uid: 'CHhAvVGS1DHFjwGM9',
  network_transport: 'tcp',
  dns_question_name: 'www.example.com',
  dns_question_class: 'IN',
  dns_question_type: 'TXT',
  dns_response_code: 'NXDOMAIN',
  x509_alternative_ips: ['10.0.0.1', '2001:db8::1'],
  smtp_path: ['10.0.0.2', '10.0.0.3'],
  dns_answers: ['10.0.0.1', 'a.example'],
  dns_answer_ttls: ['60', '5'],
  http_host: 'www.example.com:8080',
  http_request_mime_type: 'text/plain,text/html',
  http_response_mime_type: 'image/png',
  tls_client_server_name: 'www.example.com',
  client_mac: '02:00:00:00:00:01',
  source_mac: '02:00:00:00:00:01',
  destination_mac: '02:00:00:00:00:02',
  file_hash_md5: '0'.repeat(32),
  file_hash_sha1: '0'.repeat(40),
  file_hash_sha256: '0'.repeat(64),
  tls_client_ja3: '0'.repeat(32),
  tls_server_ja3s: '0'.repeat(32),
  ssh_hassh: '0'.repeat(32),
  ssh_hassh_server: '0'.repeat(32),
  network_protocol: 'http',
};

/** What stands beside the columns, by type of the log. */
const keptSamples: Partial<Readonly<Record<FieldType, unknown>>> = {
  count: 3,
  bool: true,
  interval: 2.5,
  string: 'kept',
  enum: 'INBOUND',
  'vector[string]': ['a', 'b'],
};

const isKept = (column: string): boolean => column.startsWith('fields.');

function sampleOf({ kind, fields }: LogLayout): EventRow {
  const types = new Map(columnEntries(kind).map(([name, { type }]) => [name, type]));
  const row = newEvent(kind) as unknown as EventRow;
  const kept: Record<string, unknown> = {};
  for (const [name, type, column] of fields) {
    if (isKept(column)) kept[name] = keptSamples[type];
    else row[column] = special[column] ?? samples[types.get(column) ?? ''] ?? null;
  }
  row['fields'] = JSON.stringify(kept);
  return row;
}

async function readBack(text: string, kind: KindId): Promise<EventRow | undefined> {
  const context = { name: `${kind}.log`, start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  for await (const { events } of sources.zeek.decode(content(), context)) {
    return events[0] as unknown as EventRow | undefined;
  }
  return undefined;
}

const columnsOf = ({ fields }: LogLayout): string[] =>
  fields.map(([, , column]) => column).filter((column) => !isKept(column));

describe.each(logLayouts)('$path.log', (layout) => {
  const sample = sampleOf(layout);
  const event = recordRow(sample, layout);

  it('is read back with the same values from TSV', async () => {
    const text = tsvHeader(layout, 1e15) + tsvRow(event, layout) + tsvFooter(1e15);
    const got = await readBack(text, layout.kind);
    for (const column of columnsOf(layout)) expect([column, got?.[column]]).toEqual([column, event[column]]);
  });

  it('leaves values out that the event does not have', async () => {
    const empty = newEvent(layout.kind) as unknown as EventRow;
    expect(tsvRow(empty, layout)).toMatch(/^0\.000000(?:\t-)+\n$/);
    expect(JSON.parse(jsonRow(empty, layout))).toEqual({ ts: 0 });
  });

  it('has names for its fields once each, and a value of its own type in JSON', () => {
    const row = JSON.parse(jsonRow(event, layout)) as Record<string, unknown>;
    expect(layout.fields.map(([name]) => name).filter((name) => !Object.hasOwn(row, name))).toEqual([]);
    expect(row['ts']).toBe(1_700_000_000.123456);
  });
});

describe('what an event keeps only where it is not the usual', () => {
  const rowOf = (path: string, columns: EventRow): Record<string, unknown> => {
    const layout = logLayouts.find((one) => one.path === path);
    if (layout === undefined) throw new Error(`no layout of ${path}`);
    const event = { ...(newEvent(layout.kind) as unknown as EventRow), ...columns };
    return JSON.parse(jsonRow(recordRow(event, layout), layout)) as Record<string, unknown>;
  };

  it('has the operation of every DNS message, by the names of its protocol', () => {
    expect(rowOf('dns', {})).toMatchObject({ Z: 0, opcode: 0, opcode_name: 'query' });
    expect(rowOf('dns', { fields: '{"Z":2,"opcode":5}' })).toMatchObject({ Z: 2, opcode_name: 'dynamic-update' });
    const netbios = { destination_port: 137, fields: '{"Z":1,"opcode":5}' };
    expect(rowOf('dns', netbios)).toMatchObject({ opcode_name: 'netbios-registration' });
    expect(rowOf('dns', { fields: '{"opcode":9}' })).toMatchObject({ opcode_name: 'opcode-9' });
  });

  it('has the size that was told of a file apart from what was seen', () => {
    const cut = rowOf('files', { file_size: 100, fields: '{"seen_bytes":40,"total_bytes":100,"local_orig":true}' });
    expect(cut).toMatchObject({
      seen_bytes: 40,
      total_bytes: 100,
      local_orig: true,
      overflow_bytes: 0,
      timedout: false,
    });
    const unannounced = rowOf('files', { file_size: 40, fields: '{"seen_bytes":40}' });
    expect(unannounced).not.toHaveProperty('total_bytes');
  });
});

describe('what Zeek names in its own way', () => {
  const layoutOf = (path: string): LogLayout => {
    const layout = logLayouts.find((one) => one.path === path);
    if (layout === undefined) throw new Error(`no layout of ${path}`);
    return layout;
  };
  const rowOf = (path: string, columns: EventRow): Record<string, unknown> =>
    JSON.parse(
      jsonRow({ ...(newEvent(layoutOf(path).kind) as unknown as EventRow), ...columns }, layoutOf(path)),
    ) as Record<string, unknown>;

  it('has the numbers and the name of the class of a question', () => {
    const named = { dns_question_class: 'IN', dns_question_type: 'HTTPS', dns_response_code: 'REFUSED' };
    expect(rowOf('dns', named)).toMatchObject({
      qclass: 1,
      qclass_name: 'C_INTERNET',
      qtype: 65,
      qtype_name: 'HTTPS',
      rcode: 5,
    });
    const unnamed = { dns_question_class: 'qclass-7', dns_question_type: 'query-65280', dns_response_code: 'BADVERS' };
    const row = rowOf('dns', unnamed);
    expect(row).toMatchObject({ qclass: 7, qtype: 65_280, rcode_name: 'BADVERS' });
    expect(row).not.toHaveProperty('rcode');
  });

  it('has the analyzer of a file in capitals', () => {
    expect(rowOf('files', { network_protocol: 'ftp_data' })).toMatchObject({ source: 'FTP_DATA' });
    expect(rowOf('files', { network_protocol: 'ftp-data' })).toMatchObject({ source: 'FTP_DATA' });
    expect(rowOf('files', { network_protocol: 'irc_dcc_data' })).toMatchObject({ source: 'IRC_DATA' });
  });

  it('leaves the escape of a byte as it is, and doubles other backslashes', () => {
    const event = { ...(newEvent('http') as unknown as EventRow), url_original: String.raw`/a\xfc\b\x4` };
    expect(tsvRow(event, layoutOf('http'))).toContain(String.raw`/a\xfc\\b\\x4`);
  });

  it('says the types that Zeek has', () => {
    const typesOf = (path: string): Record<string, string> =>
      Object.fromEntries(layoutOf(path).fields.map(([name, type]) => [name, type]));
    expect(typesOf('http')).toMatchObject({ tags: 'set[enum]' });
    expect(typesOf('x509')).toMatchObject({ 'san.ip': 'vector[addr]' });
    expect(typesOf('smtp')).toMatchObject({ path: 'vector[addr]' });
  });
});
