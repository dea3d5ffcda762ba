import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnswerCache } from './answer-cache.ts';
import { claimsOf } from './claims.ts';
import { ShodanClient } from './client.ts';
import { readHost } from './host.ts';

/** In the shape that Shodan's documentation of `/shodan/host/{ip}` gives, with values of ours. */
const recorded = {
  ip_str: '198.51.100.7',
  hostnames: ['c2.example'],
  org: 'Example Hosting',
  asn: 'AS64500',
  country_code: 'NO',
  tags: ['c2', 'self-signed'],
  last_update: '2026-11-01T10:00:00.000000',
  vulns: ['CVE-2014-0160'],
  ports: [443, 53],
  data: [
    {
      port: 443,
      transport: 'tcp',
      product: 'nginx',
      version: '1.18.0',
      timestamp: '2026-11-01T09:00:00.000000',
      ssl: {
        jarm: '22b22b09b22b22b22b22b22b22b22b352842cd5d6b0278445702035e06875c',
        ja3s: 'ffffffffffffffffffffffffffffffff',
        cert: {
          subject: { CN: 'c2.example', O: 'Example' },
          issuer: { CN: 'c2.example' },
          fingerprint: { sha256: 'AB'.repeat(32) },
        },
      },
      vulns: { 'CVE-2021-23017': { verified: false, cvss: 7.7 }, 'MS15-034': {} },
    },
    { port: 53, transport: 'udp', timestamp: '2026-11-01T08:00:00.000000', product: null },
  ],
};

describe('an answer', () => {
  test('gives services by port, with fingerprints, certificates and vulnerabilities', () => {
    const host = readHost(recorded);
    expect(host).toMatchObject({
      names: ['c2.example'],
      organisation: 'Example Hosting',
      asn: 'AS64500',
      country: 'NO',
      tags: ['c2', 'self-signed'],
      vulnerabilities: ['CVE-2014-0160', 'CVE-2021-23017'],
    });
    expect(host?.services.map(({ port, transport }) => `${port}/${transport}`)).toEqual(['53/udp', '443/tcp']);
    expect(host?.services[1]).toEqual({
      port: 443,
      transport: 'tcp',
      product: 'nginx',
      version: '1.18.0',
      seen: '2026-11-01T09:00:00.000000',
      jarm: '22b22b09b22b22b22b22b22b22b22b352842cd5d6b0278445702035e06875c',
      ja3s: 'ffffffffffffffffffffffffffffffff',
      seen_with: 'Trickbot',
      certificate: { subject: 'CN=c2.example, O=Example', issuer: 'CN=c2.example', sha256: 'ab'.repeat(32) },
      vulnerabilities: ['CVE-2021-23017'],
    });
  });

  test('keeps what fits when a service makes up the rest', () => {
    const odd = {
      ...recorded,
      tags: 'c2',
      org: 7,
      data: [{ port: 22, ssl: 'x', product: { a: 1 } }, { port: -1 }, null, 4],
    };
    expect(readHost(odd)).toMatchObject({ tags: [], services: [{ port: 22, transport: 'tcp', vulnerabilities: [] }] });
    expect(readHost({ error: 'No information' })).toBeUndefined();
    expect(readHost([])).toBeUndefined();
  });

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (data, ssl) => {
        readHost({ data });
        readHost({ data: [{ port: 1, ssl, vulns: ssl }] });
        expect(readHost({ data: [{ port: 1, ssl }] })?.services).toHaveLength(1);
      }),
    );
  });

  test('becomes claims about what attackers run, and about nothing else', () => {
    const host = readHost(recorded);
    const claims = host === undefined ? [] : claimsOf('198.51.100.7', host, '/cache/198.51.100.7.json', 1);
    expect(claims.map(({ detector, severity }) => [detector, severity])).toEqual([
      ['shodan/tag/c2', 'high'],
      ['shodan/fingerprint', 'low'],
    ]);
    const plain = readHost({ data: [{ port: 443 }], tags: ['cdn'] });
    expect(plain === undefined ? undefined : claimsOf('198.51.100.8', plain, '/x', 1)).toEqual([]);
  });
});

describe('asking', () => {
  let server: Server;
  let api = '';
  const asked: string[] = [];
  let answers: [number, string][] = [];
  beforeEach(async () => {
    asked.length = 0;
    answers = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const [status, body] = answers.shift() ?? [200, JSON.stringify(recorded)];
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end(body);
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const client = (pauseMs = 0): ShodanClient =>
    new ShodanClient({ api, key: 'SECRETKEY123', pauseMs, timeoutMs: 5000 });

  test('names the address and the key, waits between questions, and asks again when it was too fast', async () => {
    answers = [[429, 'slow down']];
    const started = performance.now();
    const both = client(40);
    expect((await both.host('198.51.100.7')).state).toBe('known');
    expect((await both.host('2001:db8::7')).state).toBe('known');
    expect(performance.now() - started).toBeGreaterThan(100);
    expect(asked).toEqual([
      '/shodan/host/198.51.100.7?key=SECRETKEY123',
      '/shodan/host/198.51.100.7?key=SECRETKEY123',
      '/shodan/host/2001%3Adb8%3A%3A7?key=SECRETKEY123',
    ]);
  });

  test('tells what is unknown from what failed, and never tells the key', async () => {
    answers = [
      [404, '{"error":"No information available for that IP."}'],
      [401, '<html>'],
      [500, ''],
      [200, 'not json SECRETKEY123'],
      [302, ''],
    ];
    const one = client();
    const results = [];
    for (let index = 0; index < 5; index++) results.push(await one.host('198.51.100.7'));
    expect(results.map(({ state }) => state)).toEqual(['unknown', 'failed', 'failed', 'failed', 'failed']);
    expect(results[1]).toMatchObject({ isFinal: true });
    expect(JSON.stringify(results)).not.toContain('SECRETKEY123');
    const gone = new ShodanClient({ api: 'http://127.0.0.1:1', key: 'SECRETKEY123', pauseMs: 0, timeoutMs: 1000 });
    expect(JSON.stringify(await gone.host('198.51.100.7'))).not.toContain('SECRETKEY123');
  });
});

test('answers are kept for their owner alone, and a damaged one counts as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-shodan-'));
  try {
    const cache = new AnswerCache(join(folder, 'shodan'));
    expect(cache.get('2001:db8::7')).toBeUndefined();
    cache.put('2001:db8::7', { askedMs: 5, content: null });
    expect(cache.get('2001:db8::7')).toEqual({ askedMs: 5, content: null });
    expect(readdirSync(join(folder, 'shodan'))).toEqual(['2001_db8__7.json']);
    expect(statSync(cache.pathOf('2001:db8::7')).mode & 0o777).toBe(0o600);
    writeFileSync(cache.pathOf('2001:db8::7'), '{"askedMs":');
    expect(cache.get('2001:db8::7')).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
