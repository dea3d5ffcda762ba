import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { connect as connectHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { createServer as createTcpServer, connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, withPage } from '../../../tests/support/chromium.ts';
import { decodeContent } from '../../../tests/support/decode-content.ts';
import { TlsLab, type ProxyUnderTest } from '../../../tests/support/tls-lab.ts';
import { sources } from '../sources/registry.generated.ts';
import { httpConnect } from './fronts/http-connect.ts';
import { socks5 } from './fronts/socks5.ts';
import { transparent } from './fronts/transparent.ts';
import { defaultLimits } from './proxy-options.ts';
import { ProxyRules } from './rules.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
const socksAnswerBytes = 10;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

let lab: TlsLab;
beforeAll(() => {
  lab = new TlsLab();
});
afterAll(() => lab.close());

describe('what a client sees', () => {
  test.skipIf(!hasCurl)('curl speaks HTTP/1 and HTTP/2 through CONNECT and SOCKS, as the origin chose', async () => {
    const [one, two] = [await lab.https('localhost'), await lab.http2('localhost')];
    const [http, socks] = [await lab.proxy(httpConnect), await lab.proxy(socks5)];
    const through = (proxy: string, port: number): Promise<Ran> =>
      curl(['--cacert', lab.proxyCa, '--proxy', proxy, '-w', 'HTTP/%{http_version}', `https://localhost:${port}/x`]);
    expect(await through(`http://127.0.0.1:${http.port}`, one)).toMatchObject({ code: 0, out: 'path /x\nHTTP/1.1' });
    expect(await through(`http://127.0.0.1:${http.port}`, two)).toMatchObject({ code: 0, out: 'path /x\nHTTP/2' });
    expect(await through(`socks5h://127.0.0.1:${socks.port}`, two)).toMatchObject({ code: 0, out: 'path /x\nHTTP/2' });
    expect(await through(`socks5://127.0.0.1:${socks.port}`, one)).toMatchObject({ code: 0, out: 'path /x\nHTTP/1.1' });
    await over(http, 2);
    expect(http.records.map(({ outcome, name, tls }) => [outcome, name, tls?.protocol])).toEqual([
      ['inspected', 'localhost', 'http/1.1'],
      ['inspected', 'localhost', 'h2'],
    ]);
  });

  test.skipIf(!hasOpenssl)('openssl verifies the certificate of a connection that found its way by name', async () => {
    const port = await lab.https('localhost');
    const proxy = await lab.proxy(transparent(port));
    const options = ['-quiet', '-servername', 'localhost', '-verify_return_error', '-verify_hostname', 'localhost'];
    const run = await ran(
      'openssl',
      ['s_client', ...options, '-x509_strict', '-CAfile', lab.proxyCa, '-connect', `127.0.0.1:${proxy.port}`],
      'GET /plain HTTP/1.0\r\n\r\n',
    );
    expect(run.out).toContain('path /plain');
    expect(run.code).toBe(0);
  });

  test.skipIf(chromium === undefined)(
    'Chromium shows a page where it accepts the key, and an error where it knows nothing of it',
    async () => {
      const port = await lab.http2('localhost');
      // What a browser asks for of its own accord goes nowhere.
      const proxy = await lab.proxy(httpConnect, { rules: ProxyRules.parse('inspect localhost\nblock *', 'rules') });
      const probe = await secured(proxy.port, port, { ca: lab.proxyAuthority.certificate.toString() });
      const key = probe.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' }) ?? '';
      probe.destroy();
      const accepted = `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`;
      const shown = (...flags: string[]): Promise<unknown> =>
        withPage(
          chromium ?? '',
          async (page) => {
            await page.open(`https://localhost:${port}/x`);
            return page.evaluate('document.documentElement.textContent');
          },
          [`--proxy-server=http://127.0.0.1:${proxy.port}`, '--proxy-bypass-list=<-loopback>', ...flags],
        );
      expect(await shown(accepted)).toContain('path /x');
      await until(() => proxy.records.some(({ tls, clientBytes }) => tls?.protocol === 'h2' && clientBytes > 0));
      expect(await shown()).toContain('ERR_CERT_AUTHORITY_INVALID');
      await until(() => proxy.records.some(({ outcome }) => outcome === 'client-refused'));
    },
  );

  test('an origin with a bad certificate is shown with one that the authority did not sign', async () => {
    const expired = await lab.https('localhost', { isValid: false });
    const other = await lab.https('other.example');
    const proxy = await lab.proxy(httpConnect);
    for (const [port, fault] of [
      [expired, 'CERT_HAS_EXPIRED'],
      [other, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const strict = secured(proxy.port, port, { ca: lab.proxyAuthority.certificate.toString() });
      await expect(strict).rejects.toThrow(/unable to (?:get|verify)|self-signed/);
      const careless = await secured(proxy.port, port, { rejectUnauthorized: false });
      expect(careless.getPeerX509Certificate()?.issuer).toContain(`CN=UNTRUSTED: the origin has ${fault}`);
      expect(await exchange(careless, 'GET /x HTTP/1.0\r\n\r\n')).toContain('path /x');
      await over(proxy, port === expired ? 2 : 4);
      expect(proxy.records.at(-1)).toMatchObject({ outcome: 'inspected', fault });
    }
  });

  test('an origin with a bad certificate is refused where that is wanted, and told', async () => {
    const expired = await lab.https('localhost', { isValid: false });
    const proxy = await lab.proxy(httpConnect, { faultPolicy: 'refuse' });
    await expect(secured(proxy.port, expired, { rejectUnauthorized: false })).rejects.toThrow(
      /closed|ECONNRESET|disconnected|ended/,
    );
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'failed', fault: 'CERT_HAS_EXPIRED' });
    expect(proxy.captured()).toHaveLength(24);
  });

  test('an origin that is not there gives 502, and one that a rule blocks 403', async () => {
    const rules = ProxyRules.parse('block *.evil.example', 'rules');
    const proxy = await lab.proxy(httpConnect, { rules });
    const closed = await lab.https('localhost');
    expect(await firstLine(proxy.port, `CONNECT a.evil.example:443 HTTP/1.1\r\n\r\n`)).toBe(
      'HTTP/1.1 403 Blocked by a rule of the proxy',
    );
    expect(await firstLine(proxy.port, `CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n`)).toContain(' 502 ');
    expect(await firstLine(proxy.port, `GET http://localhost:${closed}/ HTTP/1.1\r\n\r\n`)).toContain(' 405 ');
    expect(await firstLine(proxy.port, `CONNECT ${'x'.repeat(20_000)}`)).toContain(' 400 ');
  });
});

describe('rules', () => {
  test('a bypassed connection reaches the origin itself, and nothing of it is written', async () => {
    const port = await lab.https('localhost');
    const proxy = await lab.proxy(httpConnect, { rules: ProxyRules.parse('bypass localhost', 'rules') });
    const socket = await secured(proxy.port, port, { ca: lab.originAuthority.certificate.toString() });
    expect(socket.getPeerX509Certificate()?.checkIssued(lab.originAuthority.certificate)).toBe(true);
    socket.destroy();
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'bypassed', rule: 'line 1: bypass localhost' });
    expect(proxy.captured()).toHaveLength(24);
  });

  test('a name in the hello is judged beside the host that was asked for', async () => {
    const port = await lab.https('localhost');
    const proxy = await lab.proxy(httpConnect, {
      rules: ProxyRules.parse('bypass localhost\nblock evil.example', 'rules'),
    });
    await expect(secured(proxy.port, port, { servername: 'evil.example' })).rejects.toThrow(
      /closed|ECONNRESET|disconnected|ended/,
    );
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'blocked', name: 'evil.example', askedHost: 'localhost' });
  });

  test.skipIf(!hasCurl)(
    'a client that pins is passed on undecrypted the second time, where that is wanted',
    async () => {
      const port = await lab.https('localhost');
      const proxy = await lab.proxy(httpConnect, { failOpenMs: 60_000 });
      const ask = [
        '--cacert',
        lab.originCa,
        '--proxy',
        `http://127.0.0.1:${proxy.port}`,
        `https://localhost:${port}/x`,
      ];
      const untrusted = 60;
      expect((await curl(ask)).code).toBe(untrusted);
      await over(proxy, 1);
      expect(await curl(ask)).toMatchObject({ code: 0, out: 'path /x\n' });
      await over(proxy, 2);
      expect(proxy.records.map(({ outcome }) => outcome)).toEqual(['client-refused', 'bypassed']);
    },
  );
});

test('rules by address are judged when it is known where a name leads', async () => {
  const port = await lab.https('localhost');
  const near = await lab.proxy(httpConnect, { rules: ProxyRules.parse('inspect 127.0.0.0/8\nblock *', 'rules') });
  const socket = await secured(near.port, port, { ca: lab.proxyAuthority.certificate.toString() });
  expect(await exchange(socket, 'GET /x HTTP/1.0\r\n\r\n')).toContain('path /x');
  await over(near, 1);
  expect(near.records[0]).toMatchObject({ outcome: 'inspected', rule: 'line 1: inspect 127.0.0.0/8' });
  const closedTo = await lab.proxy(httpConnect, { rules: ProxyRules.parse('block 127.0.0.0/8', 'rules') });
  expect(await firstLine(closedTo.port, `CONNECT localhost:${port} HTTP/1.1\r\n\r\n`)).toContain(' 403 ');
});

test('whoever goes away in the middle of a handshake leaves nothing behind', async () => {
  const origin = createTcpServer((socket) => void socket.once('data', () => socket.resetAndDestroy()));
  const port = await lab.listen(origin);
  const proxy = await lab.proxy(httpConnect);
  await expect(secured(proxy.port, port, {})).rejects.toThrow(/closed|ECONNRESET|disconnected/);
  const client = await tunnel(proxy.port, port);
  client.write(Buffer.of(22, 3, 1, 2, 0));
  client.resetAndDestroy();
  await over(proxy, 2);
  expect(proxy.records.map(({ outcome }) => outcome)).toEqual(['unreachable', 'failed']);
  expect(proxy.proxy.openConnections).toBe(0);
});

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

test('a client of TLS that waits before it speaks is inspected all the same', async () => {
  const ca = lab.proxyAuthority.certificate.toString();
  const proxy = await lab.proxy(httpConnect, { limits: { ...defaultLimits, openingMs: 2000 } });
  const raw = await tunnel(proxy.port, await lab.https('localhost'));
  // Longer than an opening may take: browsers open connections before they need them, and implants may wait on purpose.
  await new Promise((done) => setTimeout(done, 3500));
  const socket = connectTls({ socket: raw, servername: 'localhost', ca });
  expect(await exchange(socket, 'GET /late HTTP/1.0\r\n\r\n')).toContain('path /late');
  await over(proxy, 1);
  expect(proxy.records[0]).toMatchObject({ outcome: 'inspected', name: 'localhost' });
});

test('bytes that begin as TLS and cannot be read are passed on and told', async () => {
  const port = await lab.https('localhost');
  const proxy = await lab.proxy(httpConnect);
  const socket = await tunnel(proxy.port, port);
  socket.end(Buffer.of(22, 3, 1, 0, 5, 1, 0, 0, 1, 3));
  await over(proxy, 1);
  expect(proxy.records[0]).toMatchObject({ outcome: 'plain', reason: 'it begins as TLS, and cannot be read' });
  socket.destroy();
});

test('a client that says all at once and ends gets its answer', async () => {
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', () => undefined).on('end', () => socket.end('all of it came'));
  });
  const port = await lab.listen(server);
  const proxy = await lab.proxy(httpConnect);
  const socket = connect(proxy.port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.end(`CONNECT localhost:${port} HTTP/1.1\r\n\r\nsaid at once`);
  await closed(socket);
  expect(Buffer.concat(parts).toString()).toMatch(/200 Connection established\r\n\r\nall of it came$/);
  await over(proxy, 1);
  expect(proxy.records[0]).toMatchObject({ outcome: 'plain', clientBytes: 12, serverBytes: 14 });
  expect(proxy.captured().includes('said at once')).toBe(true);
});

describe('bounds', () => {
  test('connections beyond the bound are closed at once and counted', async () => {
    const proxy = await lab.proxy(httpConnect, { limits: { ...defaultLimits, connections: 2 } });
    const held = [connect(proxy.port, '127.0.0.1'), connect(proxy.port, '127.0.0.1')];
    await until(() => proxy.proxy.openConnections === 2);
    await closed(connect(proxy.port, '127.0.0.1'));
    expect(proxy.proxy.turnedAway).toBe(1);
    for (const socket of held) socket.destroy();
  });

  test('who does not say where to go, or does not go on, is not waited for', async () => {
    const proxy = await lab.proxy(httpConnect, { limits: { ...defaultLimits, openingMs: 200 } });
    const started = performance.now();
    const socket = connect(proxy.port, '127.0.0.1');
    socket.write('CONNECT ');
    await closed(socket);
    expect(performance.now() - started).toBeLessThan(15_000);
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'failed', reason: 'the opening took too long' });
  });

  test('a connection on which nothing passes is ended', async () => {
    const port = await lab.https('localhost');
    const proxy = await lab.proxy(httpConnect, { limits: { ...defaultLimits, idleMs: 1000 } });
    const socket = await secured(proxy.port, port, { ca: lab.proxyAuthority.certificate.toString() });
    await closed(socket);
    await over(proxy, 1);
    expect(proxy.records[0]?.outcome).toBe('inspected');
  });

  test('a way back to the proxy itself is not gone', async () => {
    const proxy = await lab.proxy(httpConnect);
    expect(await firstLine(proxy.port, `CONNECT 127.0.0.1:${proxy.port} HTTP/1.1\r\n\r\n`)).toContain(' 502 ');
    await over(proxy, 2);
    expect(proxy.records.map(({ reason }) => reason)).toContain('a way back to this proxy');
  });

  test('clients that may not use it are closed at once', async () => {
    const proxy = await lab.proxy(httpConnect, { mayUse: (address) => address !== '127.0.0.1' });
    await closed(connect(proxy.port, '127.0.0.1'));
    expect(proxy.proxy.openConnections).toBe(0);
    expect(proxy.proxy.refused).toBe(1);
  });
});

test('who broke off, and why, is told beside what passed', async () => {
  const ca = lab.proxyAuthority.certificate.toString();
  const proxy = await lab.proxy(httpConnect);
  // In TLS 1.3 a server says that it wants a certificate when the client believes that all is well.
  const picky = await lab.https('localhost', { requestCert: true, rejectUnauthorized: true, ca: [ca] });
  await secured(proxy.port, picky, { ca }).then(closed, () => undefined);
  await over(proxy, 1);
  expect(proxy.records[0]?.reason).toMatch(
    /^the server broke off: .*CERTIFICATE_REQUIRED, it wants a certificate of the client: bypass it$/,
  );
  const broken = createHttps(lab.credentials('localhost'), (_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('a part');
  });
  broken.on('connection', (raw: Socket) => void setTimeout(() => raw.resetAndDestroy(), 500));
  await secured(proxy.port, await lab.listen(broken), { ca }).then(async (socket) => {
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await closed(socket);
  });
  await over(proxy, 2);
  expect(proxy.records[1]).toMatchObject({ outcome: 'inspected', reason: 'the server broke off: ECONNRESET' });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

function ran(program: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(program, args, { timeout: 20_000 }, (_error, out) => done({ code: child.exitCode, out }));
    child.stdin?.end(input);
  });
}

function curl(args: readonly string[]): Promise<Ran> {
  return ran('curl', ['-sS', '--max-time', '15', ...args]);
}

/** A connection through the proxy that is ready to carry anything. */
async function tunnel(proxyPort: number, port: number, by: 'http' | 'socks' = 'http'): Promise<Socket> {
  const socket = connect(proxyPort, '127.0.0.1');
  if (by === 'http') {
    socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    const answer = (await once(socket)).toString();
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(answer);
    return socket;
  }
  socket.write(Buffer.of(5, 1, 0));
  await once(socket);
  socket.write(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]));
  const answer = await once(socket);
  // The server may have spoken already.
  socket.pause();
  if (answer.length > socksAnswerBytes) socket.unshift(answer.subarray(socksAnswerBytes));
  return socket;
}

/** The TLS connection inside; rejects when the handshake fails. */
async function secured(proxyPort: number, port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const raw = await tunnel(proxyPort, port);
  return new Promise((done, fail) => {
    const socket = connectTls({ socket: raw, servername: 'localhost', ...options }, () => done(socket));
    socket.on('error', fail);
    for (const either of [raw, socket]) either.on('close', () => fail(new Error('closed')));
  });
}

function once(socket: Socket): Promise<Buffer> {
  return new Promise((done, fail) => {
    socket.once('data', done);
    socket.once('close', () => fail(new Error('closed')));
    socket.once('error', fail);
  });
}

function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('end', () => done(Buffer.concat(parts).toString('latin1')));
    socket.on('error', fail);
    socket.write(request);
  });
}

async function firstLine(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const [line = ''] = (await once(socket)).toString('latin1').split('\r\n');
  socket.destroy();
  return line;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((done) => {
    socket.on('error', () => undefined);
    socket.on('close', () => done());
    socket.resume();
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 5));
}

/** Waits until so many connections were told to be over. */
function over({ records }: ProxyUnderTest, count: number): Promise<void> {
  return until(() => records.length >= count);
}
