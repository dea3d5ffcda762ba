import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { VakthundError } from '../../../base/errors.ts';
import { quote } from '../../../base/problem.ts';
import { defineSensor, type RecordContext } from '../../sensor.ts';
import { CaptureFiles } from './capture-files.ts';
import { findCaptureProgram } from './capture-program.ts';
import { parseInput, type PacketInput } from './input.ts';
import type { RecorderData, RecorderMessage } from './recorder.ts';

const fileBytes = 64 * 1024 * 1024;
const keepBytes = 2 * 1024 ** 3;
const defaultFileMs = 30_000;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

export const sensor = defineSensor({
  id: 'packets',
  title: 'Packets',
  description:
    'Packets of an interface (through tcpdump or dumpcap), from a producer of PCAP-over-IP (connected to, or listened for), or from standard input, as ' +
    'capture files that are read once they are whole: after 30 seconds or 64 MiB. A flow that lasts longer than a file is told in pieces, a piece for each file. ' +
    'What the kernel dropped is counted. PCAP-over-IP knows neither encryption nor passwords.',
  references: [
    'https://www.tcpdump.org/manpages/tcpdump.1.html',
    'https://www.netresec.com/?page=Blog&month=2022-08&post=What-is-PCAP-over-IP',
  ],
  guide: ['B12', 'B14', 'B16'],
  needs:
    'For an interface: tcpdump or dumpcap, and CAP_NET_RAW for that program alone (root, or setcap cap_net_raw+ep on it); it drops root once it has the interface. ' +
    'For the others nothing.',
  source: 'pcap',
  isPointed: true,
  whyNot: (inputs = []) => Promise.resolve(inputs.map(whyNotFrom).find((why) => why !== undefined)),
  record: async (context) => {
    CaptureFiles.recover(context.folder, `${context.folder}.open`);
    const inputs = (context.inputs ?? []).map((text) => parseInput(text)).filter((input) => input !== undefined);
    await Promise.all(inputs.map((input, index) => recordInThread(input, index, context)));
  },
});

function whyNotFrom(text: string): string | undefined {
  const input = parseInput(text);
  if (input === undefined) return `${quote(text)} is no place that packets come from`;
  if (input.from !== 'interface') return undefined;
  if (findCaptureProgram() === undefined) return 'neither tcpdump nor dumpcap is installed';
  const isKnown = input.name === 'any' || existsSync(`/sys/class/net/${input.name}`);
  return isKnown ? undefined : `there is no interface ${quote(input.name)}`;
}

async function recordInThread(input: PacketInput, index: number, context: RecordContext): Promise<void> {
  const { folder, signal } = context;
  const program = input.from === 'interface' ? findCaptureProgram() : undefined;
  const fileMs = context.everyMs ?? defaultFileMs;
  const files = { folder, openFolder: `${folder}.open`, writer: `${index}.`, fileBytes, fileMs, keepBytes };
  if (input.from === 'listen' && !loopback.has(input.host)) {
    context.onNote(`whoever reaches ${input.host}:${input.port} can hand in packets: PCAP-over-IP has no passwords`);
  }
  const workerData: RecorderData = { input, program, files };
  const worker = new Worker(new URL('recorder.ts', import.meta.url), { workerData });
  const end = (): void => worker.postMessage('stop');
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await new Promise<void>((done, fail) => {
      worker.on('message', (message: RecorderMessage) => {
        if ('lost' in message) context.onLost(message.lost, message.why);
        else if ('note' in message) context.onNote(message.note);
        else context.onNote(`taking packets on port ${message.listeningOn}`);
      });
      worker.once('error', fail);
      worker.once('exit', (code) =>
        code === 0 ? done() : fail(new VakthundError('OUTPUT', `the recorder ended with ${code}`)),
      );
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}
