import { X509Certificate, createHash, generateKeyPairSync } from 'node:crypto';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, withPage } from '../../../tests/support/chromium.ts';
import { ocspAnswer } from '../../../tests/support/ocsp-answer.ts';
import {
  curl,
  exchange,
  firstLine,
  hasCurl,
  hasOpenssl,
  over,
  ran,
  secured,
  until,
  type Ran,
} from '../../../tests/support/proxy-clients.ts';
import { TlsLab } from '../../../tests/support/tls-lab.ts';
import { httpConnect } from './fronts/http-connect.ts';
import { socks5 } from './fronts/socks5.ts';
import { transparent } from './fronts/transparent.ts';
import { ProxyRules } from './rules.ts';

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
    await expect(secured(proxy.port, expired, { rejectUnauthorized: false })).rejects.toThrow(/alert/);
    await over(proxy, 1);
    expect(proxy.records[0]).toMatchObject({ outcome: 'failed', fault: 'CERT_HAS_EXPIRED' });
    expect(proxy.captured()).toHaveLength(24);
  });

  test('an origin that staples its own revocation, or has too weak a key, is in error too', async () => {
    const credentials = lab.credentials('localhost');
    const revoked = createTlsServer({ ...credentials });
    const serial = Buffer.from(new X509Certificate(credentials.cert).serialNumber, 'hex');
    const stapled = ocspAnswer([[serial, 'revoked']]);
    revoked.on('OCSPRequest', (_certificate, _issuer, answer) => answer(null, stapled));
    const weak = lab.credentials('localhost', true, generateKeyPairSync('rsa', { modulusLength: 1024 }));
    const proxy = await lab.proxy(httpConnect);
    for (const [port, fault] of [
      [await lab.listen(revoked), 'CERT_REVOKED'],
      [await lab.https('localhost', { ...weak, ciphers: 'DEFAULT@SECLEVEL=0' }), 'EE certificate key too weak'],
    ] as const) {
      const careless = await secured(proxy.port, port, { rejectUnauthorized: false });
      expect(careless.getPeerX509Certificate()?.issuer).toContain(`CN=UNTRUSTED: the origin has ${fault}`);
      careless.destroy();
    }
    await over(proxy, 2);
    expect(proxy.records.map(({ fault }) => fault)).toEqual(['CERT_REVOKED', 'EE certificate key too weak']);
  });

  test('who is not served is told by an alert', async () => {
    const refusing = await lab.proxy(httpConnect, { faultPolicy: 'refuse' });
    const expired = await lab.https('localhost', { isValid: false });
    await expect(secured(refusing.port, expired, {})).rejects.toThrow(/alert certificate unknown/);
    const closed = await lab.listen(createTcpServer((socket) => void socket.once('data', () => socket.end())));
    await expect(secured(refusing.port, closed, {})).rejects.toThrow(/alert handshake failure/);
    const blocking = await lab.proxy(httpConnect, { rules: ProxyRules.parse('block evil.example', 'rules') });
    const evil = secured(blocking.port, expired, { servername: 'evil.example' });
    await expect(evil).rejects.toThrow(/alert access denied/);
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
    await expect(secured(proxy.port, port, { servername: 'evil.example' })).rejects.toThrow(/alert/);
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
