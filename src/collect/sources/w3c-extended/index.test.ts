import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));

describe('w3c-extended, detect', () => {
  it.each(['iis.log', 'pfirewall.log', 'cloudfront.log', 'proxysg.log', 'ftp.log'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it('knows other columns, and less surely', () => {
    expect(source.detect('x', Buffer.from('#Software: a\r\n#Fields: date time event\r\n'))).toBe('likely');
  });

  it.each([
    '',
    '# Fields: date\n',
    '#Fields: date date\n',
    '#separator \\x09\n#fields\tts\tuid\n',
    'row\n#Fields: date time c-ip cs-method cs-uri\n',
    `#${'\n#'.repeat(50)}Fields: date time\n`,
  ])('does not know %j', (content) => {
    expect(source.detect('ex260301.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('w3c-extended, decode', () => {
  it('reads requests to IIS, under columns that change in mid-file', async () => {
    const { events, problems } = await decodeContent(source, read('iis.log'));
    expect(contentOf(events[0])).toEqual({
      kind: 'http',
      time: parseIsoMicros('2026-03-01T09:00:01Z'),
      event_dataset: 'w3c-extended.http',
      evidence_id: 0,
      evidence_at: 5,
      source_ip: '203.0.113.9',
      destination_ip: '10.0.0.80',
      destination_port: 443,
      network_transport: 'tcp',
      http_request_method: 'GET',
      url_original: '/shop/item.aspx?id=7',
      user_agent_original: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
      http_request_referrer: 'https://shop.example/',
      http_response_status_code: 200,
      fields: { 'sc-substatus': '0', 'sc-win32-status': '0', 'time-taken': '31' },
    });
    expect(events.slice(1)).toMatchObject([
      { source_ip: '2001:db8::9', user_name: 'CORP\\anna', url_original: '/aspnet_client/help.aspx' },
      {
        time: parseIsoMicros('2026-03-01T10:00:05Z'),
        host_name: 'WEB01',
        source_ip: '10.0.0.2',
        destination_ip: null,
        url_domain: 'shop.example',
        http_host: 'Shop.Example:8080',
        url_original: '/a"b?x="1',
        http_version: '1.1',
        http_request_body_bytes: 310,
        http_response_body_bytes: 1245,
        fields: '{"X-Forwarded-For":"198.51.100.7,+10.0.0.3"}',
      },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 7]]);
  });

  it('reads what the Windows Firewall let through and dropped, and what it lost', async () => {
    const { events, problems } = await decodeContent(source, read('pfirewall.log'));
    expect(events).toMatchObject([
      {
        kind: 'flow',
        time: parseIsoMicros('2026-03-01T10:00:00Z'),
        source_ip: '10.0.0.66',
        destination_port: 445,
        network_transport: 'tcp',
        conn_state: 'S0',
        end_reason: 'dropped',
      },
      { destination_port: 53, network_transport: 'udp', conn_state: null, end_reason: null },
      { source_port: 8, destination_port: 0, network_transport: 'icmp' },
    ]);
    expect(problems).toMatchObject([{ code: 'events-lost', at: { line: 9 }, count: 12 }]);
  });

  it('reads CloudFront and proxies', async () => {
    const cdn = await decodeContent(source, read('cloudfront.log'));
    expect(cdn.problems).toEqual([]);
    expect(cdn.events).toMatchObject([
      {
        url_domain: 'cdn.shop.example',
        url_original: '/view/a.html?x=y',
        user_agent_original: 'Mozilla/4.0 (compatible; MSIE 5.0b1)',
        http_response_body_bytes: 2390,
      },
    ]);
    const proxy = await decodeContent(source, read('proxysg.log'));
    expect(proxy.problems).toEqual([]);
    expect(proxy.events).toMatchObject([
      {
        url_original: 'http://files.example/get.php?id=7',
        url_domain: 'files.example',
        destination_ip: '203.0.113.9',
        destination_port: 80,
        http_response_mime_type: 'text/html',
        user_agent_original: 'Mozilla/5.0 (X11; "odd" agent)',
        user_name: 'anna',
      },
      { http_request_method: 'CONNECT', url_original: 'c2.example:443', destination_ip: null, destination_port: 443 },
    ]);
  });

  it('keeps other rows as log records', async () => {
    const { events } = await decodeContent(source, read('ftp.log'));
    expect(events).toMatchObject([
      { kind: 'log', log_name: 'FTPSVC2', source_ip: '203.0.113.9', destination_port: 21 },
    ]);
    const other = await decodeContent(source, '#Fields: date time event\n2026-03-01 10:00:00 "service ""a"" began"\n');
    expect(other.events).toMatchObject([{ kind: 'log', fields: '{"event":"service \\"a\\" began"}' }]);
  });

  it('reports what is no row, and reads on', async () => {
    const lines = [
      '2026-03-01 10:00:00 203.0.113.9 GET /early',
      '#Fields: time c-ip cs-method cs-uri-stem __proto__',
      '10:00:00 203.0.113.9 GET /no-day x',
      '#Fields: time time',
      '#Date: 2026-03-01 00:00:00',
      '10:00:00 203.0.113.9 GET /a x',
      '25:00:00 203.0.113.9 GET /b x',
      '10:00:01 203.0.113.9 GET',
    ];
    const { events, problems } = await decodeContent(source, `${lines.join('\r\n')}\n`);
    expect(events).toMatchObject([
      { url_original: '/a', fields: '{"__proto__":"x"}' },
      { url_original: '/b', time: 0 },
    ]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 3],
      ['bad-record', 4],
      ['bad-record', 8],
      ['bad-value', 7],
    ]);
  });
});
