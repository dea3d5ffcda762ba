import { readPieces } from '../../src/collect/open/content.ts';
import { readAlone, readInParts } from '../../src/collect/sources/pcap/reading.ts';

/** What `node read-capture.ts FILE THREADS` prints: as a process of its own, so that it can be bound to a core from outside. */
export interface CaptureReading {
  readonly packets: number;
  /** By the clock, the beginning of threads included, that of the process not. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const [file = '', threads = '1'] = process.argv.slice(2);
const chunks = readPieces(file);
const start = performance.now();
const portions = threads === '1' ? readAlone(chunks, {}) : readInParts(chunks, Number(threads), {});
let packets = 0;
for await (const { end } of portions) packets = end?.packets ?? packets;
const { user, system } = process.cpuUsage();
const reading: CaptureReading = {
  packets,
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
};
process.stdout.write(JSON.stringify(reading));
