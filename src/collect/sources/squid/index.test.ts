import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));

describe('squid, detect', () => {
  it.each(['access.log', 'other.log'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it.each([
    '',
    '1772359200.500 is a time\n',
    '203.0.113.9 - - [01/Mar/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 1 TCP_MISS:HIER_DIRECT\n',
    '1772359200.500\tC1\t10.0.0.1\t5\n',
  ])('does not know %j', (content) => {
    expect(source.detect('access.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('squid, decode', () => {
  it('reads what Squid writes', async () => {
    const { events, problems } = await decodeContent(source, read('access.log'));
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'http',
      time: 1_795_705_084_926_000,
      event_dataset: 'squid',
      evidence_id: 0,
      evidence_at: 1,
      source_ip: '127.0.0.1',
      destination_ip: '127.0.0.1',
      destination_port: 8282,
      network_transport: 'tcp',
      http_request_method: 'GET',
      url_original: 'http://127.0.0.1:8282/page?',
      url_domain: '127.0.0.1',
      http_host: '127.0.0.1:8282',
      http_response_status_code: 200,
      http_response_body_bytes: 239,
      http_response_mime_type: 'text/html',
      fields: { result: 'TCP_MISS', elapsed: 108, hierarchy: 'HIER_DIRECT' },
    });
    expect(events.slice(1)).toMatchObject([
      { http_request_method: 'CONNECT', url_original: '127.0.0.1:8282', destination_port: 8282 },
      { destination_ip: null, destination_port: 80, http_response_status_code: 403 },
      { url_domain: 'localhost', destination_ip: '127.0.0.1' },
      { http_response_status_code: 503 },
    ]);
  });

  it('reads tunnels, other proxies, headers behind, and what was no request', async () => {
    const { events, problems } = await decodeContent(source, read('other.log'));
    expect(events.map(contentOf)).toMatchObject([
      {
        time: parseIsoMicros('2026-03-01T09:59:59Z'),
        url_domain: 'c2.example',
        destination_ip: '2001:db8::9',
        destination_port: 443,
        user_name: 'anna',
      },
      {
        source_ip: '2001:db8::5',
        destination_port: 443,
        url_original: 'https://cdn.example/a%20b',
        fields: { peer: 'parent.example', rest: '[Host: cdn.example\\r\\nUser-Agent: x] [HTTP/1.1 304]' },
      },
      { url_original: 'error:transaction-end-before-headers', fields: { client: 'client.example' } },
      // A blank in a URL may look like the rest of the line; what stands first counts.
      { url_domain: 'files.example', destination_port: 2121, http_response_mime_type: 'hier_direct/203.0.113.10' },
    ]);
    expect(events[2]).toMatchObject({ source_ip: null, http_response_status_code: null, destination_port: null });
    expect(placesOf(problems)).toEqual([['bad-record', 5]]);
  });

  it('takes no longer for a line full of blanks', async () => {
    const long = `1772359200.500 1 10.0.0.5 TCP_MISS/200 1 GET ${'a '.repeat(30_000)}`;
    const { problems } = await decodeContent(source, `${long}\n`);
    expect(placesOf(problems)).toEqual([['bad-record', 1]]);
  });
});
