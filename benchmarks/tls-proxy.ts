import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { TlsLab } from '../tests/support/tls-lab.ts';
import { DecryptedCapture, captureHeader } from '../src/collect/tls-proxy/capture/decrypted-capture.ts';
import { RotatedFiles } from '../src/collect/tls-proxy/capture/rotated-files.ts';
import { httpConnect } from '../src/collect/tls-proxy/fronts/http-connect.ts';
import { bodyOf, type LoadRequest, type LoadResult } from './data/tls-load.ts';
import { median, type Bench, type BenchResult } from './bench.ts';

const connections = 2000;
const bytesEach = 250_000;
const runs = 3;

/**
 * 2,000 connections that are open at the same time, each with an upload of its own: 500 MB through the proxy and into its capture,
 * beside the same without the proxy. Clients and origin are on the same machine and take their share of its cores. Each upload must arrive
 * with its hash, and all of them must be in the capture.
 */
export const bench: Bench = {
  id: 'tls-proxy',
  async run(): Promise<readonly BenchResult[]> {
    const rates = { direct: [] as number[], proxied: [] as number[], cpu: [] as number[] };
    for (let run = 0; run < runs; run++) {
      rates.direct.push((await measure(false)).rate);
      const proxied = await measure(true);
      rates.proxied.push(proxied.rate);
      rates.cpu.push(proxied.cpuSeconds);
    }
    const value = median(rates.proxied);
    return [
      {
        id: 'tls-proxy/2000-connections',
        value,
        unit: 'MB/s',
        peer: 'the same without a proxy',
        ratio: value / median(rates.direct),
        cpu_s: median(rates.cpu),
        peak_bytes: process.resourceUsage().maxRSS * 1024,
        runs,
      },
    ];
  },
};

async function measure(isProxied: boolean): Promise<{ rate: number; cpuSeconds: number }> {
  const lab = new TlsLab();
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  const files = new RotatedFiles({
    folder,
    prefix: 'decrypted',
    suffix: '.pcap',
    header: captureHeader,
    fileBytes: 100e6,
    keptBytes: 4e9,
    nowMs: () => Date.now(),
    onTrouble: (text) => {
      throw new Error(text);
    },
  });
  const capture = new DecryptedCapture([(chunk) => files.write(chunk)]);
  const worker = new Worker(new URL('data/tls-load.ts', import.meta.url));
  try {
    const proxy = await lab.proxy(httpConnect, { capture });
    const credentials = lab.credentials('localhost');
    const authority = isProxied ? lab.proxyAuthority : lab.originAuthority;
    const request: LoadRequest = {
      ...credentials,
      authority: authority.certificate.toString(),
      proxyPort: isProxied ? proxy.port : undefined,
      connections,
      bytesEach,
    };
    const before = process.cpuUsage();
    const result = await new Promise<LoadResult>((done, fail) => {
      worker.once('message', done);
      worker.once('error', (cause) => {
        const odd = proxy.records.find(({ fault, reason }) => (fault ?? reason) !== undefined);
        fail(new Error(`a client failed: ${JSON.stringify([odd?.fault, odd?.reason, odd?.tls])}`, { cause }));
      });
      worker.postMessage(request);
    });
    const spent = process.cpuUsage(before);
    checkHashes(result);
    if (isProxied) {
      for (let waits = 0; proxy.records.length < connections && waits < 300; waits++) await wait(100);
      capture.flush();
      files.close();
      const written = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
      const wrong = proxy.records.filter(
        ({ outcome, clientBytes }) => outcome !== 'inspected' || clientBytes !== bytesEach,
      );
      if (proxy.records.length !== connections || wrong.length > 0 || written < connections * bytesEach) {
        throw new Error(`${proxy.records.length} connections, ${wrong.length} of them cut, ${written} bytes written`);
      }
    }
    return { rate: (connections * bytesEach) / 1e6 / result.seconds, cpuSeconds: (spent.user + spent.system) / 1e6 };
  } finally {
    await worker.terminate();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkHashes({ hashes, mostOpen }: LoadResult): void {
  const wanted = Array.from({ length: connections }, (_none, index) =>
    createHash('sha256').update(bodyOf(index, bytesEach)).digest('hex'),
  );
  const got = new Set(hashes);
  const missing = wanted.filter((hash) => !got.has(hash)).length;
  if (missing > 0) throw new Error(`${missing} of ${connections} uploads did not arrive as they were sent`);
  if (mostOpen < connections) throw new Error(`only ${mostOpen} connections were open at the same time`);
}
