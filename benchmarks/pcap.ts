import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProtocolAnalyzer } from '../src/collect/sources/pcap/analyzer.ts';
import { CaptureDecoder } from '../src/collect/sources/pcap/capture-decoder.ts';
import { protocols } from '../src/collect/sources/pcap/protocols/registry.generated.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { packetCapture } from './data/packets.ts';
import type { CaptureReading } from './data/read-capture.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const chunkBytes = 1 << 20;
const runs = 5;
const peerRuns = 3;
const flowPackets = 200_000;
const mixedBytes = 20e6;
/** Long enough that what threads need to begin weighs little, as it does in captures that are worth a second core: 870 MB. */
const sharedPackets = 1_200_000;

/**
 * Flows alone over generated connections beside `tshark -z conv,tcp`, and all protocols over the small Ethernet captures of the
 * corpus, repeated, beside tshark printing the fields of DNS, HTTP, TLS, SSH, SMTP and DHCP. Both in packets per CPU second. And all
 * protocols over the generated connections on two cores beside one, by the clock: it says something on an idle machine only.
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
    return [flows, ...all, ...(await measureCores(packetCapture(sharedPackets)))];
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

/** One thread bound to one core beside two threads on all cores, each in a process of its own; nothing where cores cannot be bound. */
async function measureCores(capture: Buffer): Promise<readonly BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    const file = join(folder, 'bench.pcap');
    writeFileSync(file, capture);
    const one: CaptureReading[] = [];
    const two: CaptureReading[] = [];
    for (let run = 0; run < peerRuns; run++) {
      const bound = readingOf(['taskset', '-c', '0', process.execPath], file, 1);
      if (bound === undefined) return [];
      one.push(bound);
      const free = readingOf([process.execPath], file, 2);
      if (free !== undefined) two.push(free);
    }
    const seconds = median(two.map((reading) => reading.seconds));
    const value = (two[0]?.packets ?? 0) / seconds / 1e6;
    const beside = { peer: 'one core', ratio: median(one.map((reading) => reading.seconds)) / seconds };
    const cpu = median(two.map((reading) => reading.cpuSeconds));
    return [{ id: 'pcap/two-cores', value, unit: 'M packets/s', ...beside, cpu_s: cpu, runs: two.length }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readingOf(program: readonly string[], file: string, threads: number): CaptureReading | undefined {
  const [command = '', ...before] = program;
  const script = fileURLToPath(new URL('data/read-capture.ts', import.meta.url));
  // Compiled code is kept from run to run, as the launcher has it.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(file), 'compiled') };
  const { stdout, status } = spawnSync(command, [...before, script, file, `${threads}`], { encoding: 'utf8', env });
  return status === 0 ? (JSON.parse(stdout) as CaptureReading) : undefined;
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
