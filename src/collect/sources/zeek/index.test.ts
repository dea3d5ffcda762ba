import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import type { EventRow } from '../../../events/event.ts';
import type { Checkpoint } from '../../source.ts';
import { source } from './index.ts';

interface Read {
  readonly events: EventRow[];
  readonly problems: Problem[];
  readonly checkpoint: Checkpoint;
}

async function read(
  text: string | Buffer,
  options: { name?: string; growing?: boolean; start?: Checkpoint; piece?: number } = {},
): Promise<Read> {
  const content = Buffer.from(text);
  const { name = 'conn.log', growing = false, start = { byte: 0, line: 0 }, piece = content.length || 1 } = options;
  const events: EventRow[] = [];
  const problems: Problem[] = [];
  let checkpoint = start;
  async function* pieces() {
    for (let at = start.byte; at < content.length; at += piece) yield content.subarray(at, at + piece);
  }
  for await (const batch of source.decode(pieces(), { name, start, growing, logger: silentLogger })) {
    events.push(...(batch.events as unknown as EventRow[]));
    problems.push(...batch.problems);
    checkpoint = batch.checkpoint;
  }
  return { events, problems, checkpoint };
}

const codes = ({ problems }: Read): string[] => problems.map(({ code }) => code);
const fieldsOf = (event: EventRow | undefined): unknown => JSON.parse(String(event?.['fields'] ?? null));

function header(path: string, fields: readonly string[], types: readonly string[], separator = '\t'): string {
  const code = separator.charCodeAt(0).toString(16).padStart(2, '0');
  return [
    `#separator \\x${code}`,
    `#set_separator${separator},`,
    `#empty_field${separator}(empty)`,
    `#unset_field${separator}-`,
    `#path${separator}${path}`,
    `#fields${separator}${fields.join(separator)}`,
    `#types${separator}${types.join(separator)}`,
    '',
  ].join('\n');
}

const ends = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'];
const endTypes = ['time', 'string', 'addr', 'port', 'addr', 'port'];
const endCells = ['1700000000.123456', 'C1', '10.0.0.1', '5000', '10.0.0.2', '443'];
const connHeader = header(
  'conn',
  [...ends, 'proto', 'service', 'duration', 'orig_bytes', 'conn_state', 'tunnel_parents'],
  [...endTypes, 'enum', 'string', 'interval', 'count', 'string', 'set[string]'],
);
const connRow = [...endCells, 'tcp', 'ssl', '1.500000', '300', 'SF', 'Ca,Cb'].join('\t');

describe('a TSV log', () => {
  it('becomes events with columns, lines and the name of their log', async () => {
    const { events, problems } = await read(`${connHeader}${connRow}\n#close\t2023-11-14-22-13-20\n`);
    expect(problems).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'flow',
      event_dataset: 'zeek.conn',
      time: 1_700_000_000_123_456,
      uid: 'C1',
      source_ip: '10.0.0.1',
      source_port: 5000,
      destination_port: 443,
      network_transport: 'tcp',
      network_protocol: 'ssl',
      event_duration: 1_500_000,
      source_payload_bytes: 300,
      tunnel_parents: ['Ca', 'Cb'],
      is_open: false,
      evidence_at: 8,
      fields: null,
    });
  });

  it('reads any separator, set separator and mark', async () => {
    const text = [
      '#separator \\x7c',
      '#set_separator|;',
      '#empty_field|NONE',
      '#unset_field|?',
      '#path|conn',
      '#fields|ts|service|conn_state|tunnel_parents|local_orig',
      '#types|time|string|string|set[string]|bool',
      '1700000000.000000|NONE|?|a;b|T',
      '',
    ].join('\n');
    expect((await read(text)).events[0]).toMatchObject({
      network_protocol: '',
      conn_state: null,
      tunnel_parents: ['a', 'b'],
      local_orig: true,
    });
  });

  it('undoes escapes in text, once, and keeps bytes that are no UTF-8 as they are written', async () => {
    const text = `${header('http', ['ts', 'uri', 'user_agent', 'referrer', 'status_msg'], ['time', 'string', 'string', 'string', 'string'])}1700000000.000000\t/a\\x09b\\\\x41\t\\xc3\\xa9\t\\xff\\xfe!\t\\x2d\n`;
    expect((await read(text)).events[0]).toMatchObject({
      url_original: '/a\tb\\x41',
      user_agent_original: 'é',
      http_request_referrer: '\\xff\\xfe!',
      http_response_status_text: '-',
    });
  });

  it('takes a new header in the middle of a file for the rows below it', async () => {
    const dns = `${header('dns', ['ts', 'query', 'answers'], ['time', 'string', 'vector[string]'])}1700000001.000000\tWWW.Example.ORG.\t10.0.0.9,ns.example.org\n`;
    const { events, problems } = await read(`${connHeader}${connRow}\n#close\tx\n${dns}#close\tx\n`);
    expect(problems).toEqual([]);
    expect(events.map(({ event_dataset: dataset }) => dataset)).toEqual(['zeek.conn', 'zeek.dns']);
    expect(events[1]).toMatchObject({
      dns_question_name: 'www.example.org',
      dns_resolved_ip: ['10.0.0.9'],
      evidence_at: 17,
    });
  });

  it('reads a log with a single line of names', async () => {
    const text = `ts\tuid\tid.orig_h\tid.orig_p\tproto\n1700000000.000000\tC1\t10.0.0.1\t5\tudp\n`;
    const result = await read(text, { name: 'conn.00:00:00-01:00:00.log.gz' });
    expect(codes(result)).toEqual([]);
    expect(result.events[0]).toMatchObject({ kind: 'flow', source_port: 5, network_transport: 'udp', evidence_at: 2 });
  });

  it('keeps a row with a masked time', async () => {
    const text = `### BTest baseline data\n${connHeader}${connRow}\n${connRow.replace('1700000000.123456', 'XXXXXXXXXX.XXXXXX')}\n`;
    const result = await read(text);
    expect(codes(result)).toEqual(['bad-value']);
    expect(result.problems[0]?.at.line).toBe(10);
    expect(result.events[1]).toMatchObject({ time: 0, uid: 'C1' });
    expect(fieldsOf(result.events[1])).toEqual({ ts: 'XXXXXXXXXX.XXXXXX' });
  });

  it('reads names with _ for a point, renamed and added ones, and loses none', async () => {
    const text = `${header('conn', ['_write_ts', '_system_name', 'ts', 'id_orig_h', 'src_port', 'mine'], ['time', 'string', 'time', 'addr', 'port', 'count'])}1700000009.000000\tsensor-1\t1700000000.000000\t10.0.0.1\t77\t18446744073709551615\n`;
    const event = (await read(text)).events[0];
    expect(event).toMatchObject({ sensor: 'sensor-1', source_ip: '10.0.0.1', source_port: 77 });
    expect(event?.['fields']).toBe('{"_write_ts":"2023-11-14T22:13:29.000000Z","mine":18446744073709551615}');
  });

  it('types what stays in fields as JSON does', async () => {
    const types = ['time', 'count', 'double', 'bool', 'vector[count]', 'set[string]', 'interval', 'time', 'subnet'];
    const names = ['ts', 'c', 'd', 'b', 'v', 's', 'i', 't2', 'n'];
    const text = `${header('made_up', names, types)}1700000000.000000\t5\tnan\tT\t1,2\t(empty)\t0.500000\t0.000000\t10.0.0.0/8\n`;
    const event = (await read(text)).events[0];
    expect(event).toMatchObject({ kind: 'log', log_name: 'made_up', event_dataset: 'zeek.made_up' });
    expect(fieldsOf(event)).toEqual({
      c: 5,
      d: 'nan',
      b: true,
      v: [1, 2],
      s: [],
      i: 0.5,
      t2: '1970-01-01T00:00:00.000000Z',
      n: '10.0.0.0/8',
    });
  });

  it('reads the label columns of labelled logs, parted by blanks too', async () => {
    const text = connHeader
      .replace('tunnel_parents', 'tunnel_parents   label   detailed-label')
      .replace('set[string]', 'set[string]   string   string');
    const row = connRow.replace('Ca,Cb', '-   Malicious   C&C and more');
    const { events, problems } = await read(`${text}${row}\n`, { name: 'x/conn.log.labeled' });
    expect(problems).toEqual([]);
    expect(events[0]).toMatchObject({ tunnel_parents: null, conn_state: 'SF' });
    expect(fieldsOf(events[0])).toEqual({ label: 'Malicious', 'detailed-label': 'C&C and more' });
  });

  it('tells of a name that stands twice, and keeps both columns', async () => {
    const text = `${header('x', ['ts', 'a', 'a'], ['time', 'string', 'string'])}1700000000.000000\tone\ttwo\n`;
    const result = await read(text);
    expect(codes(result)).toEqual(['duplicate-key']);
    expect(fieldsOf(result.events[0])).toEqual({ a: 'one', 'a#2': 'two' });
  });

  it('reads the open connections of a file that says so, whatever its #path is', async () => {
    const { events } = await read(`${connHeader}${connRow}\n`, { name: 'open_conn.17_00_00.log' });
    expect(events[0]).toMatchObject({ event_dataset: 'zeek.open_conn', is_open: true });
  });
});

describe('a damaged TSV log', () => {
  it('says where it is cut, and reads the rest', async () => {
    const result = await read(`${connHeader}${connRow}\n${connRow.slice(0, 40)}`);
    expect(result.events).toHaveLength(1);
    expect(result.problems).toMatchObject([{ code: 'truncated', at: { line: 9 } }]);
  });

  it('leaves a last line without its end for later while the log grows', async () => {
    const result = await read(`${connHeader}${connRow}\n${connRow.slice(0, 40)}`, { growing: true });
    expect(codes(result)).toEqual([]);
    expect(result.checkpoint).toMatchObject({ byte: connHeader.length + connRow.length + 1, line: 8 });
  });

  it('goes on from a checkpoint as if it had not stopped', async () => {
    const content = `${connHeader}${connRow}\n${connRow.replace('C1', 'C2')}\n`;
    const first = await read(content.slice(0, connHeader.length + connRow.length + 1), { growing: true });
    const second = await read(content, { start: first.checkpoint });
    expect(second.events).toHaveLength(1);
    expect(second.events[0]).toMatchObject({ uid: 'C2', evidence_at: 9 });
  });

  it('reads nothing below a missing header, and says so once', async () => {
    const result = await read(`${connRow}\n${connRow}\n`);
    expect(result.events).toEqual([]);
    expect(result.problems).toMatchObject([{ code: 'bad-header', at: { line: 1 } }]);
  });

  it('does without types that do not match the fields', async () => {
    const text = `${connHeader.replace('\tset[string]', '')}${connRow}\n`;
    const result = await read(text);
    expect(codes(result)).toEqual(['bad-header']);
    expect(result.events[0]).toMatchObject({ source_port: 5000, tunnel_parents: ['Ca', 'Cb'] });
  });

  it('skips a row that is no row, and reads one that lacks its last cells', async () => {
    const result = await read(`${connHeader}garbage\n${connRow.replace('\tCa,Cb', '')}\n${connRow}\n`);
    expect(codes(result)).toEqual(['bad-record', 'bad-record']);
    expect(result.events.map(({ evidence_at: at }) => at)).toEqual([9, 10]);
    expect(result.events[0]).toMatchObject({ conn_state: 'SF', tunnel_parents: null });
  });

  it('keeps values that do not fit in fields, and counts problems beyond the first', async () => {
    const rows = Array.from({ length: 50 }, () => connRow.replace('\t443\t', '\thttps\t'));
    const result = await read(`${connHeader}${rows.join('\n')}\n`);
    expect(result.events).toHaveLength(50);
    expect(result.problems.length).toBeLessThan(25);
    expect(result.problems.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(50);
    expect(fieldsOf(result.events[0])).toEqual({ 'id.resp_p': 'https' });
  });

  it('says that bytes are no UTF-8', async () => {
    const bytes = Buffer.from(`${connHeader}${connRow.replace('SF', 'S\xff')}\n`, 'latin1');
    const result = await read(bytes);
    expect(codes(result)).toEqual(['bad-encoding']);
    expect(result.events[0]?.['conn_state']).toBe('S\uFFFD');
  });

  it.each(['', '\n\n', '#', '#fields', '#separator', `${connHeader}`, '\0\0\0', 'x'.repeat(100_000)])(
    'gives no events for %j',
    async (text) => {
      expect((await read(text)).events).toEqual([]);
    },
  );
});

describe('a JSON log', () => {
  const row = {
    ts: 1_700_000_000.123456,
    uid: 'C1',
    'id.orig_h': '10.0.0.1',
    'id.orig_p': 5000,
    conn_state: 'SF',
    orig_pkts: 3,
  };

  it.each([1_700_000_000.123, 1_700_000_000_123, '2023-11-14T22:13:20.123000Z'])('reads the time %j', async (ts) => {
    const { events } = await read(`${JSON.stringify({ ...row, ts })}\n`);
    expect(events[0]).toMatchObject({ kind: 'flow', time: 1_700_000_000_123_000, source_port: 5000, evidence_at: 1 });
  });

  it('tells the logs of a stream apart by _path', async () => {
    const rows = [
      { _path: 'conn', ...row },
      { _path: 'dns', ts: 1, query: 'A.' },
      { _path: 'weird', ts: 1, name: 'odd' },
    ];
    const { events } = await read(rows.map((line) => `${JSON.stringify(line)}\n`).join(''), { name: 'stream.json' });
    expect(events.map(({ event_dataset: dataset, fields }) => [dataset, fields])).toEqual([
      ['zeek.conn', null],
      ['zeek.dns', null],
      ['zeek.weird', null],
    ]);
  });

  it('reads nested ends, and control characters that were escaped', async () => {
    const { 'id.orig_h': host, 'id.orig_p': port, ...rest } = row;
    const text = JSON.stringify({
      ...rest,
      id: { orig_h: host, orig_p: port },
      history: '\\x00\\x41',
      extra: { a: 1 },
    });
    const { events } = await read(`${text}\n`);
    expect(events[0]).toMatchObject({ source_ip: '10.0.0.1', source_port: 5000, history: '\0\\x41' });
    expect(fieldsOf(events[0])).toEqual({ 'extra.a': 1 });
  });

  it('is told by its fields where no name tells it', async () => {
    expect((await read(`${JSON.stringify(row)}\n`, { name: 'data.json' })).events[0]?.['event_dataset']).toBe(
      'zeek.conn',
    );
  });

  it('reads the rest around broken lines, keys that stand twice, and a cut end', async () => {
    const lines = [JSON.stringify(row), '{"ts":1,"ts":2}', '{broken}', '[1]', JSON.stringify(row), '{"ts":17'];
    const result = await read(lines.join('\n'));
    expect(result.events.map(({ evidence_at: at }) => at)).toEqual([1, 2, 5]);
    expect(codes(result)).toEqual(expect.arrayContaining(['duplicate-key', 'bad-record', 'truncated']));
  });
});

describe('what a sensor says about its blindness', () => {
  it('is a problem beside the event', async () => {
    const loss = `${header('capture_loss', ['ts', 'ts_delta', 'peer', 'gaps', 'acks', 'percent_lost'], ['time', 'interval', 'string', 'count', 'count', 'double'])}1700000000.000000\t900.0\tworker-1\t50\t100\t50.0\n1700000000.000000\t900.0\tworker-1\t0\t100\t0.0\n`;
    const result = await read(loss, { name: 'capture_loss.log' });
    expect(codes(result)).toEqual(['events-lost']);
    expect(result.events[0]).toMatchObject({ kind: 'log', log_name: 'capture_loss', sensor: 'worker-1' });
    const dropped = await read(`${JSON.stringify({ _path: 'stats', ts: 1, pkts_dropped: 7 })}\n`);
    expect(codes(dropped)).toEqual(['events-lost']);
    const message = 'Your interface is likely receiving invalid TCP checksums';
    expect(codes(await read(`${JSON.stringify({ _path: 'reporter', ts: 1, message })}\n`))).toEqual(['partly-seen']);
  });
});

describe('detect', () => {
  const head = (text: string): Uint8Array => Buffer.from(text);
  const json = JSON.stringify({ ts: 1, uid: 'C1', 'id.orig_h': '10.0.0.1' });

  it.each([
    ['conn.log', connHeader, 'certain'],
    ['x.bin', `### BTest\n${connHeader}`, 'certain'],
    ['x', ` ${connHeader}`, 'certain'],
    ['x', '### BTest\nts\tuid\tservice\n', 'certain'],
    ['x.json', json, 'certain'],
    ['x', `\n${json.slice(0, 40)}`, 'certain'],
    ['files.log', '{"ts":1,"fuid":"F"}', 'likely'],
    ['conn.log', `${connRow}\n`, 'likely'],
    ['conn.log', 'Lorem ipsum dolor sit amet\n', undefined],
    ['eve.json', '{"timestamp":"2023","event_type":"dns"}', undefined],
    ['x', '#!/bin/sh\n', undefined],
    ['x', '', undefined],
    ['x', 'a,b,c\n1,2,3\n', undefined],
  ])('%s %j: %s', (name, text, want) => {
    expect(source.detect(name, head(text))).toBe(want);
  });
});

describe('what a content is', () => {
  it('does not depend on how many blanks come first, or on how they are cut', async () => {
    const text = `${'\t'.repeat(2000)}{"ts":1700000000.5,"uid":"C1"}\n`;
    for (const piece of [text.length, 500, 7]) {
      const { events } = await read(text, { piece });
      expect(events).toMatchObject([{ kind: 'flow', uid: 'C1' }]);
    }
    expect(await read('')).toEqual({ events: [], problems: [], checkpoint: { byte: 0, line: 0 } });
  });
});

describe('the transport of ssl.log, which has no field for it', () => {
  it.each([
    ['TLSv12', 'tcp'],
    ['TLSv13', 'tcp'],
    ['DTLSv12', 'udp'],
    ['DTLSv10', 'udp'],
    ['-', 'tcp'],
  ])('goes by the version %s', async (version, transport) => {
    const log = header('ssl', [...ends, 'version'], [...endTypes, 'string']) + [...endCells, version].join('\t');
    expect((await read(`${log}\n`, { name: 'ssl.log' })).events).toMatchObject([{ network_transport: transport }]);
  });
});
