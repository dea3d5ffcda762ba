import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cutSteps,
  inTurn,
  runConnection,
  type Outcome,
  type Step,
} from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';
import { recognizeHttp } from './recognize.ts';

const run = (...steps: readonly (Uint8Array | string)[]): Outcome => runConnection(analyzer, inTurn(...steps));
const crlf = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

const get = crlf(
  'GET /a%20b?x=%27%31 HTTP/1.1',
  'Host: Example.org:8080',
  'User-Agent: curl/8',
  'Referer: http://r/',
  '',
);
const ok = crlf('HTTP/1.1 200 OK', 'Content-Type: text/plain', 'Content-Length: 5', '', 'hello').slice(0, -2);

test('pairs a request with its answer', () => {
  const { events, files, services } = run(get, ok);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    time: 2_000_000,
    http_request_method: 'GET',
    url_original: "/a b?x='1",
    url_domain: 'example.org',
    http_host: 'Example.org:8080',
    user_agent_original: 'curl/8',
    http_request_referrer: 'http://r/',
    http_version: '1.1',
    http_response_status_code: 200,
    http_response_status_text: 'OK',
    http_request_body_bytes: 0,
    http_response_body_bytes: 5,
    http_trans_depth: 1,
    file_uids: ['F1'],
    tags: [],
  });
  expect(files).toEqual([
    { facts: expect.objectContaining({ isOrig: false, size: 5 }), content: 'hello', missing: 0, isEnded: true },
  ]);
});

test('is read the same however the segments are cut', () => {
  const second = crlf('POST /2 HTTP/1.1', 'Transfer-Encoding: chunked', '', '3;x', 'abc', '4', 'defg', '0', 'X: y', '');
  const client = get + second;
  const server = ok + crlf('HTTP/1.1 404 No', 'Content-Length: 0', '');
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), (size) => {
      const steps: Step[] = [];
      for (const [from, text] of [
        ['client', client],
        ['server', server],
      ] as const) {
        for (let at = 0; at < text.length; at += size) steps.push({ from, bytes: text.slice(at, at + size) });
      }
      const { events, files } = runConnection(analyzer, steps);
      expect(events.map((event) => [event['http_response_status_code'], event['http_request_body_bytes']])).toEqual([
        [200, 0],
        [404, 7],
      ]);
      expect(files.map(({ content }) => content)).toEqual(['abcdefg', 'hello']);
    }),
  );
});

test('answers pipelined requests in order', () => {
  const { events } = run(get + get.replace('GET', 'HEAD'), `${ok}${crlf('HTTP/1.1 200 OK', 'Content-Length: 99', '')}`);
  expect(events.map((event) => [event['http_request_method'], event['http_response_body_bytes']])).toEqual([
    ['GET', 5],
    ['HEAD', 0],
  ]);
});

test('gives sizes and files after decompression', () => {
  const body = gzipSync('x'.repeat(10_000));
  const head = crlf('HTTP/1.1 200 OK', 'Content-Encoding: gzip', `Content-Length: ${body.length}`, '');
  const { events, files } = run(get, Buffer.concat([Buffer.from(head), body]));
  expect(events[0]).toMatchObject({ http_response_body_bytes: 10_000 });
  expect(files[0]?.content).toBe('x'.repeat(10_000));
  expect(files[0]?.facts.size).toBeUndefined();
});

test.each([
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('gives sizes and files after %s, also of chunks and small segments', (coding, compress) => {
  const body = compress(Buffer.from('<html>'.repeat(5000)));
  const head = crlf('HTTP/1.1 200 OK', `Content-Encoding: ${coding}`, 'Transfer-Encoding: chunked', '');
  const chunked = Buffer.concat([
    Buffer.from(`${head}${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const { events, files } = runConnection(analyzer, cutSteps(inTurn(get, chunked), 7));
  expect(events[0]).toMatchObject({ http_response_body_bytes: 30_000 });
  expect(files[0]?.content).toBe('<html>'.repeat(5000));
});

test('hands on as it is what is no Brotli, is cut, too long to hold, or a bomb', () => {
  const answerOf = (body: Uint8Array, length = body.length): Buffer =>
    Buffer.concat([
      Buffer.from(crlf('HTTP/1.1 200 OK', 'Content-Encoding: br', `Content-Length: ${length}`, '')),
      body,
    ]);
  const sizeOf = (...parts: Parameters<typeof answerOf>): unknown => {
    const { events, files } = run(get, answerOf(...parts));
    return [events[0]?.['http_response_body_bytes'], files[0]?.content.length];
  };
  expect(sizeOf(Buffer.from('plain'))).toEqual([5, 5]);
  expect(sizeOf(Buffer.alloc(100_000, 1))).toEqual([100_000, 100_000]);
  const bomb = brotliCompressSync(Buffer.alloc(64 * 1024 * 1024));
  expect(sizeOf(bomb)).toMatchObject([bomb.length, expect.anything()]);
  const cut = brotliCompressSync(Buffer.from('text '.repeat(100))).subarray(0, 10);
  expect(sizeOf(cut, 500)).toMatchObject([10, expect.anything()]);
});

test('a 1xx answer is a note on the way', () => {
  const { events } = run(get, crlf('HTTP/1.1 100 Continue', '') + ok);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ http_info_code: 100, http_response_status_code: 200 });
});

test('what is not answered is told at the end', () => {
  const { events } = run(get + get);
  expect(events.map((event) => [event['http_trans_depth'], event['http_response_status_code']])).toEqual([
    [1, null],
    [2, null],
  ]);
});

test('tells the parts of a multipart body apart', () => {
  const part = (name: string, type: string, content: string): string =>
    crlf(
      '--B',
      `Content-Disposition: form-data; name="f"; filename="C:\\x\\${name}"`,
      `Content-Type: ${type}`,
      '',
      content,
    );
  const body = part('a.txt', 'text/plain', 'first\r\nline') + part('b.bin', 'x/y', '--Bx') + crlf('--B--');
  const head = crlf(
    'POST / HTTP/1.1',
    'Content-Type: multipart/form-data; boundary="B"',
    `Content-Length: ${body.length}`,
    '',
  );
  const { files, events } = run(head + body, ok);
  expect(files.slice(0, 2).map(({ facts, content }) => [facts.name, content])).toEqual([
    ['a.txt', 'first\r\nline'],
    ['b.bin', '--Bx'],
  ]);
  expect(events[0]).toMatchObject({ http_request_body_bytes: body.length });
});

test('keeps the line ends of binary parts as they are', () => {
  const content = `a\nb\r\nc\rd\n\r\n${'x'.repeat(8191)}\r\n${'y'.repeat(8192)}\n`;
  const body = `${crlf('--B', 'Content-Disposition: form-data; name="f"; filename="x"', '')}${content}\r\n--B--\r\n`;
  const head = crlf(
    'POST / HTTP/1.1',
    'Content-Type: multipart/form-data; boundary=B',
    `Content-Length: ${body.length}`,
    '',
  );
  for (const size of [1, 100, 50_000]) {
    const { files } = runConnection(analyzer, cutSteps(inTurn(head + body, ok), size));
    expect(files[0]?.content).toBe(content);
  }
});

test('tells what a request and its answer carry by name, and what was said on the way', () => {
  const body = crlf('--B', 'Content-Disposition: form-data; name="f"; filename="up.bin"', '', 'content', '--B--');
  const head = crlf(
    'POST / HTTP/1.1',
    'Content-Type: multipart/form-data; boundary=B',
    `Content-Length: ${body.length}`,
    '',
  );
  const answer =
    crlf('HTTP/1.1 100 Go on', '') +
    crlf('HTTP/1.1 200 OK', 'Content-Disposition: attachment; filename=d.zip', 'Content-Length: 2', '');
  const { events } = run(head + body, `${answer}PK`);
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
    orig_fuids: ['F1'],
    orig_filenames: ['up.bin'],
    info_msg: 'Go on',
    resp_filenames: ['d.zip'],
  });
});

test('tells how much of a request came after its answer began', () => {
  const head = crlf('POST /s HTTP/1.1', 'Transfer-Encoding: chunked', '');
  const answer = crlf('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'ab');
  const early = run(`${head}3\r\nabc\r\n`, answer, '5\r\ndefgh\r\n0\r\n\r\n', '0\r\n\r\n').events;
  expect(JSON.parse(String(early[0]?.['fields']))).toMatchObject({ request_body_after_answer: '5' });
  const late = run(`${head}3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n`, `${answer}0\r\n\r\n`).events;
  expect(String(late[0]?.['fields'])).not.toContain('after_answer');
});

test('hands each range of a body of several on with its place', () => {
  const part = (range: string, content: string): string => crlf('--B', `Content-Range: bytes ${range}`, '', content);
  const body = `${part('0-2/10', 'abc')}${part('7-9/10', 'hij')}--B--\r\n`;
  const head = crlf(
    'HTTP/1.1 206 Partial',
    'Content-Type: multipart/byteranges; boundary=B',
    `Content-Length: ${body.length}`,
    '',
  );
  const { files, events } = run(crlf('GET /a HTTP/1.1', 'Host: h', ''), head + body);
  expect(files).toEqual([expect.objectContaining({ content: 'abchij', missing: 4 })]);
  expect(events[0]).toMatchObject({ file_uids: ['F1'] });
});

describe('protocols inside', () => {
  test('behind CONNECT any', () => {
    const { inner, events } = run(crlf('CONNECT m:25 HTTP/1.0', ''), crlf('HTTP/1.0 200 Yes', ''), 'EHLO x', '250 ok');
    expect(inner).toEqual([{ protocol: 'any', fed: ['client: EHLO x', 'server: 250 ok'] }]);
    expect(events.find(({ kind }) => kind === 'http')).toMatchObject({
      http_request_method: 'CONNECT',
      url_original: 'm:25',
    });
    expect(events.find(({ kind }) => kind === 'log')).toMatchObject({ log_name: 'tunnel', source_port: 0 });
  });

  test('behind an upgrade the one agreed on', () => {
    const upgrade = crlf('HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c', '');
    expect(run(get, upgrade, 'PRI').inner).toEqual([{ protocol: 'http2', fed: ['client: PRI'] }]);
    expect(run(get, upgrade.replace('h2c', 'unknown'), 'x').inner).toEqual([]);
  });

  test('behind an upgrade to a WebSocket its frames, with a record of the upgrade', () => {
    const offer = [
      'Upgrade: WebSocket',
      'Sec-WebSocket-Protocol: chat, v2',
      'Sec-WebSocket-Extensions: permessage-deflate',
    ];
    const request = crlf('GET /live HTTP/1.1', 'Host: a.test', 'User-Agent: curl', ...offer, '');
    const answer = crlf('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Sec-WebSocket-Protocol: chat', '');
    const { events, inner } = run(request, answer, 'frames');
    expect(inner).toEqual([{ protocol: 'websocket', fed: ['client: frames'] }]);
    const record = events.find((event) => event['log_name'] === 'websocket');
    expect(JSON.parse(String(record?.['fields']))).toEqual({
      host: 'a.test',
      uri: '/live',
      user_agent: 'curl',
      subprotocol: 'chat',
      client_protocols: ['chat', 'v2'],
      client_extensions: ['permessage-deflate'],
    });
  });
});

test('headers of proxies, log-ins and ranges', () => {
  const request = crlf(
    'GET / HTTP/1.1',
    'Via: a',
    'X-Forwarded-For: 1.2.3.4,',
    ' 5.6.7.8',
    `Authorization: Basic ${Buffer.from('ann:se:cret').toString('base64')}`,
    '',
  );
  const answer = crlf('HTTP/1.1 206 Part', 'Content-Range: bytes 0-3/1000', 'Content-Length: 4', '', 'abcd').slice(
    0,
    -2,
  );
  const { events, files } = run(request, answer);
  expect(events[0]).toMatchObject({
    http_proxied: ['VIA -> a', 'X-FORWARDED-FOR -> 1.2.3.4, 5.6.7.8'],
    user_name: 'ann',
  });
  expect(JSON.stringify(events)).not.toContain('cret');
  expect(files[0]?.facts.size).toBe(1000);
});

describe('missing bytes', () => {
  const head = crlf('HTTP/1.1 200 OK', 'Content-Length: 20', '');

  test('inside a body count, and the next message is read', () => {
    const steps: Step[] = [
      ...inTurn(get + get, `${head}start`),
      { from: 'server', missing: 10 },
      { from: 'server', bytes: `close${ok}` },
    ];
    const { events, files } = runConnection(analyzer, steps);
    expect(events.map((event) => event['http_response_body_bytes'])).toEqual([20, 5]);
    expect(files[0]).toMatchObject({ content: 'startclose', missing: 10 });
  });

  test('elsewhere let the reader wait for the next start line', () => {
    const steps: Step[] = [
      ...inTurn(get + get, head),
      { from: 'server', missing: 100 },
      { from: 'server', bytes: `rest\r\n${ok}` },
    ];
    const { events } = runConnection(analyzer, steps);
    expect(events.map((event) => event['http_response_body_bytes'])).toEqual([0, 5]);
  });
});

test('bytes that are no HTTP are a violation', () => {
  expect(run('SSH-2.0-x\r\n').violations).toEqual(['no HTTP request line']);
});

test('a server of something else is looked at for its own protocol, and the request stays told', () => {
  const { events, services, violations, inner } = run(get, 'SSH-2.0-x\r\n', 'rest', 'of it');
  expect(violations).toEqual([]);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ url_domain: 'example.org', http_response_status_code: null });
  expect(inner).toEqual([{ protocol: 'any', fed: ['server: SSH-2.0-x\r\n', 'client: rest', 'server: of it'] }]);
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: Buffer.from(get),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(recognizeHttp(first)).toBe('match');
  expect(recognizeHttp({ ...first, orig: Buffer.from('GET /lo') })).toBe('more');
  expect(recognizeHttp({ ...first, orig: Buffer.from('REGISTER sip:a SIP/2.0\r\n') })).toBe('no');
  expect(recognizeHttp({ ...first, orig: new Uint8Array(0), resp: Buffer.from(ok) })).toBe('match');
});

test('loses no request, whatever the bytes are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(get, ok, 'x', '\r\n', '0\r\n\r\n', 'HTTP/1.1 ', 'Content-Length: 9\r\n'), {
        maxLength: 12,
      }),
      (parts) => {
        const { events, files } = run(get, ...parts);
        expect(events.length).toBeGreaterThan(0);
        expect(files.every(({ isEnded }) => isEnded)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

describe('RTSP in requests', () => {
  const type = 'Content-Type: application/x-rtsp-tunnelled';
  const watch = crlf('GET /cam HTTP/1.0', 'Accept: application/x-rtsp-tunnelled', '');
  const command = (text: string): string =>
    crlf('POST /cam HTTP/1.0', type, 'Content-Length: 32767', '') + Buffer.from(text).toString('base64');

  test.each([
    ['what comes', [watch, `${crlf('HTTP/1.0 200 OK', type, '')}RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n`]],
    ['what is sent', [command('OPTIONS rtsp://192.0.2.1/cam RTSP/1.0\r\nCSeq: 1\r\n\r\n')]],
  ])('is known by %s', (_which, steps) => {
    expect(run(...steps).services).toEqual(['default', 'rtsp']);
  });

  test.each([
    ['what comes is none', [watch, `${crlf('HTTP/1.0 200 OK', type, '')}SSH-2.0-x\r\n`]],
    ['what is sent is none', [command('SSH-2.0-OpenSSH_9.2\r\n')]],
    ['another type is told', [watch, `${crlf('HTTP/1.0 200 OK', '')}RTSP/1.0 200 OK\r\n\r\n`]],
  ])('is not where %s', (_why, steps) => {
    expect(run(...steps).services).toEqual(['default']);
  });
});
