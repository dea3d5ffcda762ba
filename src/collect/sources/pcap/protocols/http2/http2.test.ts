import {
  createServer,
  connect,
  type ClientHttp2Session,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSteps, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { HpackDecoder } from './hpack.ts';
import { decodeHuffman } from './huffman.ts';
import { analyzer } from './index.ts';

/** What passes between Node's own client and server over a pipe; nothing leaves the process. */
async function exchange(
  use: (client: ClientHttp2Session) => Promise<void>,
  answer: (request: Http2ServerRequest, response: Http2ServerResponse) => void = (_request, response) =>
    response.writeHead(201, { 'content-type': 'text/plain', 'x-long': 'v'.repeat(300) }).end('answer'),
): Promise<Step[]> {
  const steps: Step[] = [];
  const ends: { client?: Duplex; server?: Duplex } = {};
  const end = (from: 'client' | 'server', to: 'client' | 'server'): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        steps.push({ from, bytes: Buffer.from(chunk) });
        ends[to]?.push(chunk);
        done();
      },
    });
  const clientEnd = end('client', 'server');
  const serverEnd = end('server', 'client');
  Object.assign(ends, { client: clientEnd, server: serverEnd });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  server.emit('connection', serverEnd);
  const client = connect('http://host.test:8080', { createConnection: () => clientEnd });
  await use(client);
  client.destroy();
  return steps;
}

const ask = (client: ClientHttp2Session, path: string, body: string): Promise<void> =>
  new Promise((resolve) => {
    const request = client.request({ ':path': path, ':method': 'POST', 'user-agent': `ua ${path}` });
    request.on('end', resolve).resume();
    request.end(body);
  });

const twoRequests = await exchange(async (client) => {
  await ask(client, '/one?a=1', 'first body');
  await ask(client, '/two', '');
});

test('shows the requests of a real connection with their answers', () => {
  const { events, files, services } = runConnection(analyzer, twoRequests);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({
    http_request_method: 'POST',
    url_original: '/one?a=1',
    url_domain: 'host.test',
    http_host: 'host.test:8080',
    user_agent_original: 'ua /one?a=1',
    http_version: '2',
    http_response_status_code: 201,
    http_request_body_bytes: 10,
    http_response_body_bytes: 6,
  });
  expect(events[1]).toMatchObject({ url_original: '/two', user_agent_original: 'ua /two', http_trans_depth: 2 });
  expect(files.map(({ content }) => content)).toEqual(['first body', 'answer', 'answer']);
});

const content = Array.from({ length: 300 }, (_none, line) => `line ${line} of the file\n`).join('');

const fetched = (client: ClientHttp2Session, headers: Record<string, string>): Promise<void> =>
  new Promise((resolve) => {
    client
      .request({ ':path': '/file', ...headers })
      .on('end', resolve)
      .resume();
  });

test('undoes the coding of a body, and knows name, length and user', async () => {
  const steps = await exchange(
    (client) => fetched(client, { authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}` }),
    (_request, response) => {
      const disposition = 'attachment; filename="list.txt"';
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-disposition': disposition })
        .end(gzipSync(content));
    },
  );
  const { events, files } = runConnection(analyzer, steps);
  expect(events).toMatchObject([
    { user_name: 'ann', http_response_body_bytes: content.length, http_response_status_text: null },
  ]);
  expect(files).toMatchObject([{ content, facts: { name: 'list.txt' } }]);
});

test('joins the ranges of one file that several streams bring at the same time', async () => {
  const half = content.length / 2;
  const steps = await exchange(
    async (client) => {
      await Promise.all([fetched(client, { range: 'second' }), fetched(client, { range: 'first' })]);
    },
    (request, response) => {
      const [from, to] = request.headers.range === 'first' ? [0, half] : [half, content.length];
      response
        .writeHead(206, { etag: '"1"', 'content-range': `bytes ${from}-${to - 1}/${content.length}` })
        .end(content.slice(from, to));
    },
  );
  const { events, files } = runConnection(analyzer, steps);
  expect(events.map(({ http_response_body_bytes: bytes }) => bytes)).toEqual([half, half]);
  expect(files).toMatchObject([{ content, facts: { size: content.length } }]);
});

test('takes the files of a multipart body apart', async () => {
  const part = (name: string): string =>
    `--b\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n${name} content\r\n`;
  const body = `${part('one.txt')}${part('two.txt')}--b--\r\n`;
  const steps = await exchange(
    (client) =>
      new Promise((resolve) => {
        const request = client.request({
          ':path': '/up',
          ':method': 'POST',
          'content-type': 'multipart/form-data; boundary=b',
        });
        request.on('end', resolve).resume();
        request.end(body);
      }),
    (_request, response) => response.writeHead(204).end(),
  );
  const { files } = runConnection(analyzer, steps);
  expect(files.map((file) => file.content)).toEqual(['one.txt content', 'two.txt content']);
});

test('is read the same however the segments are cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), (size) => {
      const { events } = runConnection(analyzer, cutSteps(twoRequests, size));
      expect(events.map((event) => event['url_original'])).toEqual(['/one?a=1', '/two']);
    }),
    { numRuns: 30 },
  );
});

test('decompresses the examples of RFC 7541, appendix C.4', () => {
  const decoder = new HpackDecoder();
  const decode = (hex: string): string[] | undefined =>
    decoder.decode(Buffer.from(hex, 'hex'))?.map(({ name, value }) => `${name}: ${value}`);
  expect(decode('828684418cf1e3c2e5f23a6ba0ab90f4ff')).toEqual([
    ':method: GET',
    ':scheme: http',
    ':path: /',
    ':authority: www.example.com',
  ]);
  expect(decode('828684be5886a8eb10649cbf')?.slice(-2)).toEqual([
    ':authority: www.example.com',
    'cache-control: no-cache',
  ]);
  expect(decode('828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf')?.at(-1)).toBe('custom-key: custom-value');
});

test('bounds what a few bytes may stand for, and ends on any', () => {
  const decoder = new HpackDecoder();
  const long = Buffer.concat([Buffer.from([0x40, 1, 0x61, 0x7f, 0xa1, 0x1e]), Buffer.alloc(4000, 0x62)]);
  expect(decoder.decode(long)).toHaveLength(1);
  expect(decoder.decode(Buffer.alloc(150, 0xbe))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect((new HpackDecoder().decode(bytes) ?? []).length).toBeLessThan(201);
      expect(decodeHuffman(bytes)?.length ?? 0).toBeLessThanOrEqual(320);
    }),
    { numRuns: 500 },
  );
});

test('damage of one side is told, and leaves the other', () => {
  const steps = twoRequests.map((step, index): Step => (index === 3 ? { from: step.from, missing: 10 } : step));
  const { problems } = runConnection(analyzer, steps);
  expect(problems).toEqual([expect.stringMatching(/^bad-record: bytes of an HTTP\/2 stream are missing/)]);
});
