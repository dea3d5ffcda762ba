import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TlsLab } from '../../../../tests/support/tls-lab.ts';
import type { Terminal } from '../../terminal.ts';
import { printFingerprints } from './fingerprint.ts';
import { askShodan, type ShodanOptions } from './shodan/run.ts';
import type { TlsProxyOptions } from './tls-proxy/options.ts';
import { runTlsProxy } from './tls-proxy/run.ts';
import { clientFilter } from './tls-proxy/settings.ts';
import { writeZeekLogs } from './zeek/write.ts';

let folder = '';
let out = '';
let talk = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-net-'));
  [out, talk] = ['', ''];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function terminalOf(json: boolean, signal = new AbortController().signal): Terminal {
  return {
    out: (text) => void (out += text),
    talk: (text) => void (talk += text),
    json,
    quiet: false,
    color: false,
    width: 100,
    isInteractive: false,
    signal,
  };
}

describe('net extract', () => {
  const capture = new URL('../../../collect/sources/pcap/testdata/office.pcap', import.meta.url).pathname;
  const extract = (output: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ['src/cli/main.ts', 'net', 'extract', capture, '--filter', 'port 53', '-o', output]);

  test('gives the same packets to a file and to standard output, and leaves what is there alone', () => {
    const file = join(folder, 'dns.pcap');
    expect(extract(file)).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
    const piped = extract('-');
    expect(piped.status).toBe(0);
    expect(piped.stdout).toEqual(readFileSync(file));
    expect(String(piped.stderr)).toMatch(/1 connections, \d+ bytes, written to standard output/);
    expect(readFileSync(file).readUInt32LE(0)).toBe(0xa1b2_c3d4);
    expect(extract(file).status).toBe(2);
  });

  test('takes a capture by standard input, and says nothing of it when asked to be quiet', () => {
    const file = join(folder, 'dns.pcap');
    extract(file);
    const run = (input: Uint8Array, ...args: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, ['src/cli/main.ts', 'net', ...args], { input });
    const cut = ['extract', '-', '--filter', 'port 53', '-o', '-'];
    const piped = run(gzipSync(readFileSync(capture)), ...cut, '-q');
    expect(piped).toMatchObject({ status: 0, stderr: Buffer.alloc(0) });
    expect(piped.stdout).toEqual(readFileSync(file));
    const none = run(Buffer.from('no capture'), ...cut);
    expect(none.status).toBe(2);
    expect(String(none.stderr)).toMatch(/^"standard input" is no capture\nvakthund: there is no capture/);
    expect(String(run(readFileSync(capture), 'fingerprint', '-').stdout)).toMatch(/portal\.vendor\.example/);
    expect(run(readFileSync(capture), 'zeek', '-', '-o', join(folder, 'logs'), '-q')).toMatchObject({
      status: 0,
      stderr: Buffer.alloc(0),
    });
    expect(readdirSync(join(folder, 'logs'))).toContain('conn.log');
  });
});

test('net fingerprint counts the handshake of a QUIC connection once', async () => {
  const capture = new URL('../../../collect/sources/pcap/testdata/quic.pcap', import.meta.url);
  expect(await printFingerprints([capture.pathname], [], terminalOf(true))).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    fingerprints: [
      { kind: 'ja3', value: '121f6e4f22ee3205214b0676ed64b9e2', count: 1, names: ['quic.test'] },
      { kind: 'ja3s', value: '15af977ce25de452b96affa2addb1036', count: 1 },
      { kind: 'ja4', value: 'q13d0307h3_55b375c5d22e_1cecd519fee8', count: 1 },
    ],
  });
});

test('net zeek reads the captures of a folder, and says what is none', async () => {
  const capture = new URL('../../../collect/sources/pcap/testdata/office.pcap', import.meta.url);
  mkdirSync(join(folder, 'in', 'deeper'), { recursive: true });
  writeFileSync(join(folder, 'in', 'deeper', 'office.pcap'), readFileSync(capture));
  writeFileSync(join(folder, 'in', 'notes.txt'), 'no capture');
  const options = { output: join(folder, 'zeek'), format: 'tsv', keylog: [] } as const;
  expect(await writeZeekLogs([join(folder, 'in')], options, terminalOf(false))).toBe(0);
  expect(readdirSync(options.output)).toContain('conn.log');
  expect(talk).toMatch(/notes\.txt" is no capture/);
});

describe('net tls-proxy', () => {
  const options = (changes: Partial<TlsProxyOptions> = {}): TlsProxyOptions => ({
    ca: join(folder, 'ca'),
    output: join(folder, 'out'),
    connect: [],
    socks: [],
    transparent: [],
    transparentPort: '443',
    allowFrom: [],
    onBadOrigin: 'warn',
    failOpen: '0',
    rotateMb: '100',
    keepMb: '2048',
    maxConnections: '10',
    idle: '600',
    ...changes,
  });

  test('prints the certificate of the authority, and says where the key is', async () => {
    expect(await runTlsProxy(options({ caExport: true }), terminalOf(false))).toBe(0);
    expect(out).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);
    expect(talk).toContain('ca-key.pem must stay there');
    expect(readdirSync(folder)).toEqual(['ca']);
  });

  test.each([
    [{}, /nothing to listen on/],
    [{ connect: ['0.0.0.0:0'] }, /needs --allow-from/],
    [{ connect: ['intranet:0'] }, /no address to listen on/],
    [{ connect: ['127.0.0.1:0'], pcapOverIp: '0.0.0.0:0' }, /loopback only/],
    [{ connect: ['127.0.0.1:0'], maxConnections: 'many' }, /--max-connections takes a number/],
    [{ connect: ['127.0.0.1:0'], rules: '/nonexistent' }, /cannot be read/],
  ] as const)('refuses %o', async (changes, message) => {
    await expect(runTlsProxy(options(changes), terminalOf(false))).rejects.toThrow(message);
  });

  test('counts the addresses of this machine as its own, as a firewall turns them to the proxy', () => {
    const mayUse = clientFilter(['10.77.0.0/24']);
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
    expect([...own, '127.0.0.1', '::1', '10.77.0.9'].filter((address) => !mayUse(address))).toEqual([]);
    expect(['192.0.2.1', '2001:db8::1', '', 'name'].filter((address) => mayUse(address))).toEqual([]);
  });

  test('warns, tells each connection, streams packets and leaves a capture, a log and keys behind', async () => {
    const lab = new TlsLab();
    const stop = new AbortController();
    try {
      const port = await lab.https('localhost');
      const files = { upstreamCa: lab.originCa, keylog: join(folder, 'keys') };
      const listen = { connect: ['127.0.0.1:0'], pcapOverIp: '127.0.0.1:0', ca: join(lab.folder, 'ca') };
      const running = runTlsProxy(options({ ...files, ...listen }), terminalOf(true, stop.signal));
      const ports = await listening();
      const streamed: Buffer[] = [];
      const reader = connect(ports.stream, '127.0.0.1').on('data', (bytes) => streamed.push(bytes));
      await new Promise((done) => reader.once('connect', done));
      const answer = await fetched(ports.proxy, port, lab.proxyCa);
      expect(answer).toContain('path /seen');
      await until(() => out.includes('\n'));
      stop.abort();
      expect(await running).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ outcome: 'inspected', name: 'localhost', tls: { protocol: 'http/1.1' } });
      expect(talk).toContain('WARNING: this machine now reads what clients believe to be private');
      expect(talk).toMatch(/connections: 1 inspected; \d+ packets\n$/);
      const [packets = '', log = ''] = readdirSync(join(folder, 'out')).sort();
      const capture = readFileSync(join(folder, 'out', packets));
      expect(capture.includes('GET /seen HTTP/1.1')).toBe(true);
      expect(Buffer.concat(streamed)).toEqual(capture);
      expect(JSON.parse(readFileSync(join(folder, 'out', log), 'utf8'))).toMatchObject({
        _path: 'ssl',
        server_name: 'localhost',
        validation_status: 'ok',
        proxy_outcome: 'inspected',
      });
      expect(readFileSync(join(folder, 'keys'), 'latin1').match(/^CLIENT_TRAFFIC_SECRET_0 /gm)).toHaveLength(2);
      reader.destroy();
    } finally {
      stop.abort();
      await lab.close();
    }
  });

  async function listening(): Promise<{ proxy: number; stream: number }> {
    await until(() => talk.includes('listening'));
    const groups = /http-connect on 127.0.0.1 port (?<proxy>\d+), pcap-over-ip on port (?<stream>\d+)/.exec(
      talk,
    )?.groups;
    return { proxy: Number(groups?.['proxy']), stream: Number(groups?.['stream']) };
  }
});

function fetched(proxy: number, port: number, authority: string): Promise<string> {
  const args = ['-sS', '--cacert', authority, '--proxy', `http://127.0.0.1:${proxy}`, `https://localhost:${port}/seen`];
  return new Promise((done) => void execFile('curl', args, { timeout: 20_000 }, (_error, text) => done(text)));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 5));
}

describe('net shodan', () => {
  let server: Server;
  let asked: string[] = [];
  let api = '';
  const recorded = {
    org: 'Example Hosting',
    tags: ['c2'],
    hostnames: [],
    data: [{ port: 443, transport: 'tcp', product: 'nginx' }],
  };
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const isKnown = request.url?.startsWith('/shodan/host/198.51.100.7?') === true;
      response.writeHead(isKnown ? 200 : 404).end(isKnown ? JSON.stringify(recorded) : '{"error":"none"}');
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    process.env['XDG_DATA_HOME'] = folder;
    writeFileSync(join(folder, 'key'), 'SECRETKEY123\n', { mode: 0o600 });
  });
  afterEach(async () => {
    delete process.env['XDG_DATA_HOME'];
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  const options = (changes: Partial<ShodanOptions> = {}): ShodanOptions => ({
    case: join(folder, 'case'),
    logLevel: 'error',
    logFormat: 'text',
    host: [],
    keyFile: join(folder, 'key'),
    maxAge: '24',
    pause: '0',
    api,
    ...changes,
  });

  test('tells what is known, keeps it, and asks for no inner address', async () => {
    const addresses = ['198.51.100.7', '203.0.113.9', '192.168.1.1'];
    expect(await askShodan(addresses, options(), terminalOf(false))).toBe(0);
    expect(out).toBe(
      [
        '198.51.100.7: Example Hosting, [c2], asked now',
        '  443/tcp   nginx',
        '203.0.113.9: Shodan knows nothing of it, asked now',
        '192.168.1.1: not told: an address of an inner network',
        '',
      ].join('\n'),
    );
    expect(asked).toHaveLength(2);
    out = '';
    const { keyFile: _key, ...withoutKey } = options();
    expect(await askShodan(addresses.slice(0, 2), withoutKey, terminalOf(true))).toBe(0);
    expect(asked).toHaveLength(2);
    expect(JSON.parse(out)).toMatchObject({
      addresses: [
        { address: '198.51.100.7', state: 'known', tags: ['c2'], services: [{ port: 443, product: 'nginx' }] },
        { address: '203.0.113.9', state: 'unknown' },
      ],
    });
    expect(out + talk).not.toContain('SECRETKEY123');
  });

  test('says what the service says, tells each address as it is known, and keeps no answer that is none', async () => {
    server.removeAllListeners('request');
    const answers: Readonly<Record<string, readonly [number, string]>> = {
      '198.51.100.1': [200, '[1]'],
      '198.51.100.2': [200, '<html>'],
      '198.51.100.3': [503, JSON.stringify({ error: 'SECRETKEY123 \u001b[31m' })],
    };
    server.on('request', ({ url = '' }: IncomingMessage, response: ServerResponse) => {
      asked.push(url);
      const [status, body] = answers[/host\/([^?]+)/.exec(url)?.[1] ?? ''] ?? [403, '{"error":"Requires membership"}'];
      response.writeHead(status).end(body);
    });
    const told: string[] = [];
    const addresses = [1, 2, 3, 4, 5].map((last) => `198.51.100.${last}`);
    const terminal = { ...terminalOf(false), out: (text: string) => void told.push(`${asked.length} ${text.trim()}`) };
    expect(await askShodan(addresses, options(), terminal)).toBe(2);
    expect(told).toEqual([
      '1 198.51.100.1: not told: the answer has another form',
      '2 198.51.100.2: not told: the answer is no JSON',
      '3 198.51.100.3: not told: the service answered 503: … \\x1b[31m',
      '4 198.51.100.4: not told: the key is not accepted (403): Requires membership',
      '4 198.51.100.5: not told: the key is not accepted (403): Requires membership',
    ]);
    expect(await askShodan(addresses.slice(0, 1), options(), terminalOf(false))).toBe(2);
    expect(asked).toHaveLength(5);
  });

  test('wants a key that only its owner can read', async () => {
    chmodSync(join(folder, 'key'), 0o644);
    await expect(askShodan(['198.51.100.7'], options(), terminalOf(false))).rejects.toThrow(/others can read/);
    writeFileSync(join(folder, 'bad'), 'no key at all', { mode: 0o600 });
    const bad = options({ keyFile: join(folder, 'bad') });
    await expect(askShodan(['198.51.100.7'], bad, terminalOf(false))).rejects.toThrow(/no key of Shodan/);
    await expect(askShodan(['intranet'], options(), terminalOf(false))).rejects.toThrow(/no address/);
    expect(asked).toEqual([]);
  });

  test('what is odd about an address joins the case', async () => {
    expect(await askShodan(['198.51.100.7'], options({ join: true }), terminalOf(true))).toBe(0);
    const report = JSON.parse(out) as { findings: { detector: string; severity: string }[]; incidents: unknown[] };
    expect(report.findings).toMatchObject([{ detector: 'shodan/tag/c2', severity: 'high' }]);
  }, 120_000);
});
