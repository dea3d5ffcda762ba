import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const combined = read('nginx.log');
const json = read('json.log');
const jsonLines = json.toString('utf8').split('\n');

describe('access-log, detect', () => {
  it.each([
    ['combined', combined.toString('utf8')],
    ['common', '203.0.113.9 - - [01/Mar/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 1\n'],
    ['JSON of nginx', jsonLines[0] ?? ''],
    ['JSON of Caddy', jsonLines[3] ?? ''],
    ['JSON of Traefik', jsonLines[4] ?? ''],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it.each([
    '',
    '203.0.113.9 is an address\n',
    'Mar  1 10:00:00 node1 a: b\n',
    '{"request":"x","status":1}',
    '{"ts":1,"level":"info","msg":"a"}',
  ])('does not know %j', (content) => {
    expect(source.detect('access.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('access-log, decode', () => {
  it('reads what nginx writes', async () => {
    const { events } = await decodeContent(source, combined);
    expect(contentOf(events[1])).toEqual({
      kind: 'http',
      time: parseIsoMicros('2026-11-26T01:52:37Z'),
      event_dataset: 'access-log',
      evidence_id: 0,
      evidence_at: 2,
      source_ip: '203.0.113.9',
      network_transport: 'tcp',
      http_request_method: 'GET',
      url_original: '/b',
      http_version: '1.1',
      user_agent_original: 'agent "quoted"',
      http_request_referrer: 'http://ref.example/',
      http_response_status_code: 200,
      http_response_body_bytes: 3,
      user_name: 'anna',
    });
  });

  it('reads virtual hosts, targets with a host, what is no request, and names of clients', async () => {
    const { events, problems } = await decodeContent(source, combined);
    expect(events.slice(3)).toMatchObject([
      {
        time: parseIsoMicros('2026-03-01T09:00:00Z'),
        source_ip: '2001:db8::9',
        destination_port: 443,
        url_domain: 'other.example',
        http_host: 'other.example:81',
        http_response_body_bytes: null,
        fields: '{"rest":"17 \\"web@docker\\" 5ms"}',
      },
      { http_request_method: null, url_original: '\u0016\u0003\u0001', http_response_status_code: 400 },
      { source_ip: null, url_original: '/a"b', http_version: '2.0', fields: '{"client":"host.example"}' },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 7]]);
  });

  it('reads JSON of nginx, Caddy and Traefik', async () => {
    const { events, problems } = await decodeContent(source, json);
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      {
        event_dataset: 'access-log.json',
        time: parseIsoMicros('2026-11-26T01:52:37Z'),
        source_ip: '127.0.0.1',
        http_request_method: 'GET',
        url_original: '/a?q=1',
        url_domain: '127.0.0.1',
        http_response_status_code: 200,
        user_name: null,
      },
      { user_name: 'anna', user_agent_original: 'agent "quoted"' },
      { http_request_method: 'POST', url_domain: 'shop.example' },
      {
        event_dataset: 'access-log.caddy',
        source_port: 46_266,
        url_original: '/x?y=1',
        http_version: '1.1',
        user_agent_original: 'agent',
        http_response_body_bytes: 2,
      },
      {
        event_dataset: 'access-log.traefik',
        time: parseIsoMicros('2026-03-01T10:00:03.5Z'),
        url_domain: 'shop.example',
        http_host: 'shop.example:443',
        source_port: 4711,
        user_name: null,
      },
    ]);
  });

  it('reads clients behind proxies, times of nginx in JSON, and addresses with their port', async () => {
    const text = [
      '10.0.0.2, 198.51.100.1 - - [01/Mar/2026:10:00:01 +0100] "GET /x HTTP/1.1" 200 5 "-" "curl" 0.1',
      '198.51.100.7, fe80::1%eth0 - - [01/Mar/2026:10:00:01 +0000] "GET /y HTTP/1.1" 200 5',
    ].join('\n');
    const { events, problems } = await decodeContent(source, text);
    expect(problems).toEqual([]);
    expect(events.map(contentOf)).toMatchObject([
      { source_ip: '10.0.0.2', url_original: '/x', fields: { rest: '198.51.100.1 0.1' } },
      { source_ip: '198.51.100.7', url_original: '/y' },
    ]);
    const records = [
      { time_local: '01/Mar/2026:11:00:00 +0100', remote_addr: '10.0.0.1', request: 'GET /x HTTP/1.1', status: '200' },
      {
        level: 'info',
        ts: 1_772_359_200,
        request: { remote_addr: '[2001:db8::1]:5000', uri: '/z' },
        status: 200,
        duration: 1,
      },
    ];
    const read = await decodeContent(source, `\uFEFF${records.map((record) => JSON.stringify(record)).join('\r\n')}`);
    expect(read.problems).toEqual([]);
    expect(read.events).toMatchObject([
      { time: parseIsoMicros('2026-03-01T10:00:00Z'), source_ip: '10.0.0.1', url_original: '/x' },
      { time: parseIsoMicros('2026-03-01T10:00:00Z'), source_ip: '2001:db8::1', source_port: 5000 },
    ]);
  });

  it('reports what is no request, and reads on', async () => {
    const { events, problems } = await decodeContent(source, `{"a":1}\n{"a":\n${jsonLines[0]}\n{"time_iso`);
    expect(events).toHaveLength(1);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['truncated', 4],
    ]);
  });
});
