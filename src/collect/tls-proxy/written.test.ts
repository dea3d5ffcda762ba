import { createHash, randomBytes } from 'node:crypto';
import { connect as connectHttp2 } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeContent } from '../../../tests/support/decode-content.ts';
import { exchange, once, over, secured, tunnel } from '../../../tests/support/proxy-clients.ts';
import { TlsLab } from '../../../tests/support/tls-lab.ts';
import { sources } from '../sources/registry.generated.ts';
import { httpConnect } from './fronts/http-connect.ts';
import { socks5 } from './fronts/socks5.ts';
import { transparent } from './fronts/transparent.ts';

let lab: TlsLab;
beforeAll(() => {
  lab = new TlsLab();
});
afterAll(() => lab.close());

describe('what is written', () => {
  test('our own reader sees each request and answer between the true ends', async () => {
    const port = await lab.https('localhost');
    const proxy = await lab.proxy(httpConnect);
    const body = randomBytes(200_000).toString('hex');
    const socket = await secured(proxy.port, port, { ca: lab.proxyAuthority.certificate.toString() });
    const answer = await exchange(
      socket,
      `POST /upload HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toContain(body.slice(-100));
    await over(proxy, 1);
    const { events, problems } = await decodeContent(sources.pcap, proxy.captured(), 'decrypted.pcap');
    expect(problems).toEqual([]);
    const http = events.filter(({ kind }) => kind === 'http');
    expect(http).toHaveLength(1);
    expect(http[0]).toMatchObject({
      source_ip: '127.0.0.1',
      source_port: proxy.records[0]?.client.port,
      destination_port: port,
      http_request_method: 'POST',
      url_original: '/upload',
      http_response_status_code: 200,
    });
    const flows = events.filter(({ kind }) => kind === 'flow');
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({ conn_state: 'SF', missed_bytes: 0 });
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const files = events.filter(({ kind }) => kind === 'file_transfer');
    expect(files.map((event) => ('file_hash_sha256' in event ? event.file_hash_sha256 : ''))).toEqual([
      hash(body),
      hash(`path /upload\n${body}`),
    ]);
  });

  test('HTTP/2 is read from the packets too', async () => {
    const port = await lab.http2('localhost');
    const proxy = await lab.proxy(transparent(port));
    const session = connectHttp2(`https://localhost:${port}`, {
      createConnection: () =>
        connectTls({
          host: '127.0.0.1',
          port: proxy.port,
          servername: 'localhost',
          ca: lab.proxyAuthority.certificate.toString(),
          ALPNProtocols: ['h2'],
        }),
    });
    const text = await new Promise<string>((done, fail) => {
      const stream = session.request({ ':path': '/two' });
      let received = '';
      stream.setEncoding('utf8');
      stream.on('data', (part: string) => (received += part));
      stream.on('end', () => done(received));
      stream.on('error', fail);
    });
    session.close();
    expect(text).toBe('path /two\n');
    await over(proxy, 1);
    const { events } = await decodeContent(sources.pcap, proxy.captured(), 'decrypted.pcap');
    const [http] = events.filter(({ kind }) => kind === 'http');
    expect(http).toMatchObject({ url_original: '/two', http_response_status_code: 200 });
  });

  test('what is no TLS passes as it is, also where the server speaks first', async () => {
    const server = createTcpServer((socket) => {
      socket.write('220 ready\r\n');
      socket.once('data', (line) => socket.end(`250 ${line.toString()}`));
    });
    const port = await lab.listen(server);
    const proxy = await lab.proxy(socks5);
    const socket = await tunnel(proxy.port, port, 'socks');
    expect((await once(socket.resume())).toString()).toBe('220 ready\r\n');
    socket.write('HELO x\r\n');
    expect((await once(socket)).toString()).toBe('250 HELO x\r\n');
    socket.end();
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'plain', clientBytes: 8, serverBytes: 23 });
    expect(proxy.captured().includes('220 ready')).toBe(true);
  });
});
