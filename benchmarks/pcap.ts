import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ProtocolAnalyzer } from '../src/collect/sources/pcap/analyzer.ts';
import { CaptureDecoder } from '../src/collect/sources/pcap/capture-decoder.ts';
import { protocols } from '../src/collect/sources/pcap/protocols/registry.generated.ts';
import { readAlone, readInParts, type Portion } from '../src/collect/sources/pcap/reading.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { packetCapture } from './data/packets.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const chunkBytes = 1 << 20;
const runs = 5;
const peerRuns = 3;
const flowPackets = 200_000;
const mixedBytes = 20e6;
/** Long enough that what threads need to begin weighs little: 440 MB. */
const sharedPackets = 600_000;

/**
 * Flows alone over generated connections beside `tshark -z conv,tcp`, and all protocols over the small Ethernet captures of the
 * corpus, repeated, beside tshark printing the fields of DNS, HTTP, TLS, SSH, SMTP and DHCP. Both in packets per CPU second. And all
 * protocols over the generated connections in two threads beside one, by the clock: it says something on an idle machine only.
 */
export const bench: Bench = {
  id: 'pcap',
  async run(): Promise<readonly BenchResult[]> {
    const flows = await measure('pcap/flows', packetCapture(flowPackets), [], ['-q', '-z', 'conv,tcp']);
    const mixed = mixedCapture();
    const all =
      mixed === undefined
        ? []
        : [await measure('pcap/all', mixed, Object.values(protocols), ['-T', 'fields', ...fieldArguments])];
    return [flows, ...all, await measureThreads(packetCapture(sharedPackets))];
  },
};

const captureFolders = ['arkime', 'labelled', 'generated', 'zeek/*', 'suricata/protocol/*'];

const fieldArguments = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'dns.qry.name',
  'dns.a',
  'dns.flags.rcode',
  'http.host',
  'http.request.uri',
  'http.user_agent',
  'http.response.code',
  'tls.handshake.extensions_server_name',
  'tls.handshake.ja3',
  'tls.handshake.ja3s',
  'x509sat.printableString',
  'ssh.protocol',
  'smtp.req.parameter',
  'dhcp.option.hostname',
].flatMap((field) => ['-e', field]);

async function measure(
  id: string,
  capture: Buffer,
  readers: readonly ProtocolAnalyzer[],
  tsharkArguments: readonly string[],
): Promise<BenchResult> {
  let packets = 0;
  // Compiled code is what is measured.
  for (let round = 0; round < 3; round++) packets = decode(capture, readers);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => void (packets = decode(capture, readers))));
    const peer = run < peerRuns ? tsharkSeconds(capture, tsharkArguments) : undefined;
    if (peer !== undefined) theirs.push(peer);
  }
  const seconds = median(ours);
  const peer =
    theirs.length === 0
      ? {}
      : { peer: `tshark ${tsharkArguments.slice(0, 3).join(' ')}`, ratio: median(theirs) / seconds };
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  return { id, value: packets / seconds / 1e6, unit: 'M packets/CPU-s', ...peer, cpu_s: seconds, ...memory, runs };
}

async function measureThreads(capture: Buffer): Promise<BenchResult> {
  const one: number[] = [];
  const two: number[] = [];
  const cpu: number[] = [];
  let packets = 0;
  for (let run = 0; run < peerRuns; run++) {
    one.push(await seconds(readAlone(chunksOf(capture), {})));
    const inTwo = async (): Promise<void> => {
      const portions = readInParts(chunksOf(capture), 2, {});
      two.push(await seconds(portions, ({ end }) => (packets = end?.packets ?? 0)));
    };
    cpu.push(await cpuSeconds(inTwo));
  }
  const value = packets / median(two) / 1e6;
  const beside = { peer: 'one thread', ratio: median(one) / median(two) };
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  return {
    id: 'pcap/two-threads',
    value,
    unit: 'M packets/s',
    ...beside,
    cpu_s: median(cpu),
    ...memory,
    runs: peerRuns,
  };
}

async function seconds(portions: AsyncIterable<Portion>, onPortion?: (portion: Portion) => void): Promise<number> {
  const start = performance.now();
  for await (const portion of portions) onPortion?.(portion);
  return (performance.now() - start) / 1000;
}

async function* chunksOf(capture: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < capture.length; at += chunkBytes) yield capture.subarray(at, at + chunkBytes);
}

function decode(capture: Buffer, readers: readonly ProtocolAnalyzer[]): number {
  const decoder = new CaptureDecoder({ protocols: readers, checksums: 'accept' });
  let events = 0;
  for (let at = 0; at < capture.length; at += chunkBytes) {
    decoder.push(capture.subarray(at, at + chunkBytes));
    events += decoder.takeEvents().length;
  }
  decoder.finish();
  if (events + decoder.takeEvents().length === 0) throw new Error('no event was read');
  return decoder.packets;
}

/** Records of the corpus captures, one after another, each repetition an hour later; undefined when there are none. */
function mixedCapture(): Buffer | undefined {
  const files = captureFolders.flatMap((folder) => globSync(`network/${folder}/*.pcap`, { cwd: corpus }).sort());
  const captures = files
    .map((file) => readFileSync(join(corpus, file)))
    .filter((bytes) => bytes.readUInt32LE(0) === 0xa1b2_c3d4 && bytes.readUInt32LE(20) === 1);
  const [first] = captures;
  if (first === undefined) return undefined;
  const parts = [first.subarray(0, 24)];
  let length = 24;
  for (let hour = 0; length < mixedBytes; hour++) {
    for (const capture of captures) {
      const records = Buffer.from(capture.subarray(24));
      shift(records, hour * 3600);
      parts.push(records);
      length += records.length;
    }
  }
  return Buffer.concat(parts);
}

function shift(records: Buffer, seconds: number): void {
  for (let at = 0; at + 16 <= records.length; at += 16 + records.readUInt32LE(at + 8)) {
    records.writeUInt32LE((records.readUInt32LE(at) + seconds) >>> 0, at);
  }
}

/** CPU seconds of tshark over the capture; undefined when it is not installed. */
function tsharkSeconds(capture: Buffer, options: readonly string[]): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    const file = join(folder, 'bench.pcap');
    writeFileSync(file, capture);
    const script = 'TIMEFORMAT="%U %S"; time tshark -r "$0" "$@" > /dev/null 2>&1';
    const { stderr, status } = spawnSync('bash', ['-c', script, file, ...options], { encoding: 'utf8' });
    const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return status === 0 ? user + system : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
