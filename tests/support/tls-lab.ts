import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import { openAuthority } from '../../src/collect/tls-proxy/authority/authority.ts';
import { serverCertificate } from '../../src/collect/tls-proxy/authority/certificate.ts';
import { DecryptedCapture, captureHeader } from '../../src/collect/tls-proxy/capture/decrypted-capture.ts';
import type { ConnectionRecord } from '../../src/collect/tls-proxy/connection-record.ts';
import type { Front } from '../../src/collect/tls-proxy/fronts/front.ts';
import { defaultLimits, type ProxyOptions } from '../../src/collect/tls-proxy/proxy-options.ts';
import { ProxyRules } from '../../src/collect/tls-proxy/rules.ts';
import { TlsProxy } from '../../src/collect/tls-proxy/tls-proxy.ts';

const dayMs = 86_400_000;

/** Origins with certificates of their own, and proxies before them: all on loopback, with their files in one folder. */
export class TlsLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'vakthund-tls-'));
  readonly proxyAuthority = openAuthority(join(this.folder, 'ca'), new Date());
  readonly originAuthority = openAuthority(join(this.folder, 'origin-ca'), new Date());
  readonly proxyCa = join(this.folder, 'ca', 'ca-cert.pem');
  readonly originCa = join(this.folder, 'origin-ca', 'ca-cert.pem');
  readonly #closers: (() => Promise<void>)[] = [];

  /** Key and certificate of an origin; one that expired yesterday when it is not valid. */
  credentials(
    host: string,
    isValid = true,
    { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ): { readonly key: string; readonly cert: string } {
    const to = new Date(Date.now() + (isValid ? 30 : -1) * dayMs);
    const validity = { from: new Date(Date.now() - 60 * dayMs), to };
    const certificate = new X509Certificate(serverCertificate(this.originAuthority.issuer, host, publicKey, validity));
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: certificate.toString() };
  }

  /** An HTTPS server that answers each request with its path and what was posted; the port. */
  async https(host: string, options: TlsOptions & { readonly isValid?: boolean } = {}): Promise<number> {
    const server = createHttps({ ...this.credentials(host, options.isValid), ...options }, (request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(`path ${request.url ?? ''}\n`);
      request.pipe(response);
    });
    return this.listen(server);
  }

  async http2(host: string): Promise<number> {
    const server: Http2SecureServer = createHttp2Server(this.credentials(host));
    return this.listen(server);
  }

  /** Listens on loopback and is closed with the lab. */
  async listen(server: Server | Http2SecureServer): Promise<number> {
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    const sockets = new Set<{ destroy(): void }>();
    server.on('connection', (socket: { destroy(): void }) => sockets.add(socket));
    this.onClose(async () => {
      const closed = new Promise<void>((done) => void server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    return (server.address() as AddressInfo).port;
  }

  /** A proxy with one front. */
  async proxy(front: Front, options: Partial<ProxyOptions> = {}): Promise<ProxyUnderTest> {
    const records: ConnectionRecord[] = [];
    const chunks: Uint8Array[] = [captureHeader];
    const capture = new DecryptedCapture([(chunk) => void chunks.push(chunk)]);
    const proxy = new TlsProxy({
      listeners: [{ front, host: '127.0.0.1', port: 0 }],
      mayUse: () => true,
      issuer: this.proxyAuthority.issuer,
      roots: createSecureContext({ ca: this.originAuthority.certificate.toString() }),
      rules: ProxyRules.parse('', 'rules'),
      faultPolicy: 'warn',
      failOpenMs: 0,
      limits: defaultLimits,
      capture,
      onConnection: (record) => void records.push(record),
      nowMs: () => performance.timeOrigin + performance.now(),
      ...options,
    });
    const [port = 0] = await proxy.listen();
    this.onClose(() => proxy.close());
    const captured = (): Buffer => {
      capture.flush();
      return Buffer.concat(chunks);
    };
    return { proxy, port, records, captured };
  }

  onClose(closer: () => Promise<void>): void {
    this.#closers.unshift(closer);
  }

  async close(): Promise<void> {
    for (const closer of this.#closers) await closer();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface ProxyUnderTest {
  readonly proxy: TlsProxy;
  readonly port: number;
  /** Connections that are over. */
  readonly records: ConnectionRecord[];
  /** The whole capture so far. */
  captured(): Buffer;
}

function createHttp2Server(options: SecureContextOptions): Http2SecureServer {
  const server = createSecureServer(options);
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end(`path ${String(headers[':path'])}\n`);
  });
  return server;
}
