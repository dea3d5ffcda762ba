import { createServer as createHttps } from 'node:https';
import { createServer as createTcpServer, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closed, exchange, firstLine, over, secured, tunnel, until } from '../../../tests/support/proxy-clients.ts';
import { TlsLab } from '../../../tests/support/tls-lab.ts';
import { httpConnect } from './fronts/http-connect.ts';
import { defaultLimits } from './proxy-options.ts';

let lab: TlsLab;
beforeAll(() => {
  lab = new TlsLab();
});
afterAll(() => lab.close());

test('whoever goes away in the middle of a handshake leaves nothing behind', async () => {
  const origin = createTcpServer((socket) => void socket.once('data', () => socket.resetAndDestroy()));
  const port = await lab.listen(origin);
  const proxy = await lab.proxy(httpConnect);
  await expect(secured(proxy.port, port, {})).rejects.toThrow(/alert handshake failure/);
  const client = await tunnel(proxy.port, port);
  client.write(Buffer.of(22, 3, 1, 2, 0));
  client.resetAndDestroy();
  await over(proxy, 2);
  expect(proxy.records.map(({ outcome }) => outcome)).toEqual(['unreachable', 'failed']);
  expect(proxy.proxy.openConnections).toBe(0);
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
