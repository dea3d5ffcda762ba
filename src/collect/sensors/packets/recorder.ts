/** Runs in a thread of its own: judging in the main thread never makes packets wait. */
import { createReadStream } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { CaptureFiles, type CaptureFilesOptions } from './capture-files.ts';
import { startCapture, type CaptureProgram } from './capture-program.ts';
import type { PacketInput } from './input.ts';
import { RecordCutter } from './record-cutter.ts';

export interface RecorderData {
  readonly input: PacketInput;
  readonly program: CaptureProgram | undefined;
  readonly files: CaptureFilesOptions;
}
export type RecorderMessage =
  | { readonly lost: number; readonly why: string }
  | { readonly note: string }
  | { readonly listeningOn: number };

const tickMs = 500;
const countersEveryMs = 10_000;
const maxSenders = 16;
const longestPauseMs = 30_000;
const firstPauseMs = 1000;

const stop = new AbortController();
const { input, program, files: options } = workerData as RecorderData;
const open = new Set<CaptureFiles>();
let senders = 0;

/** Writes a stream of packets until it ends; throws where it is no capture. */
async function write(packets: AsyncIterable<Uint8Array>): Promise<number> {
  const files = new CaptureFiles({ ...options, writer: `${options.writer}${++senders}` });
  const cutter = new RecordCutter(files);
  open.add(files);
  try {
    for await (const chunk of packets) cutter.push(chunk);
  } finally {
    files.close();
    open.delete(files);
  }
  return files.packets;
}

async function captureInterface(name: string, from: CaptureProgram): Promise<void> {
  let dropped = 0;
  const capture = startCapture(from, name, (count) => {
    if (count > dropped) tell({ lost: count - dropped, why: `the kernel dropped packets of ${name}` });
    dropped = count;
  });
  const asking = setInterval(() => capture.askCounters(), countersEveryMs);
  stop.signal.addEventListener('abort', () => capture.stop(), { once: true });
  try {
    await Promise.all([write(capture.packets), capture.ended]);
  } finally {
    clearInterval(asking);
    capture.stop();
  }
}

/** Connects again and again, with longer pauses, until it is told to stop. */
async function captureFrom(host: string, port: number): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!stop.signal.aborted) {
    const socket = connect({ host, port, signal: stop.signal });
    try {
      const packets = await write(socket);
      if (packets > 0) pauseMs = firstPauseMs;
      note(`${host}:${port} ended the capture after ${packets} packets; connecting again`);
    } catch (error) {
      note(`${host}:${port}: ${textOf(error)}; connecting again`);
    } finally {
      socket.destroy();
    }
    await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
  }
}

async function listen(host: string, port: number): Promise<void> {
  const running = new Set<Promise<unknown>>();
  const server = createServer((socket: Socket) => {
    const who = `${socket.remoteAddress ?? 'somebody'}:${socket.remotePort ?? 0}`;
    if (running.size >= maxSenders) {
      socket.destroy();
      tell({ note: `${who} was turned away: ${maxSenders} senders are connected` });
      return;
    }
    stop.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    const one = write(socket)
      .catch((error: unknown) => note(`${who}: ${textOf(error)}`))
      .finally(() => {
        socket.destroy();
        running.delete(one);
      });
    running.add(one);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen({ host, port }, () => {
      const bound = server.address();
      if (typeof bound === 'object' && bound !== null) tell({ listeningOn: bound.port });
    });
    stop.signal.addEventListener('abort', () => server.close(() => done()), { once: true });
  });
  await Promise.all(running);
}

async function captureStdin(): Promise<void> {
  const packets = createReadStream('', { fd: 0, autoClose: false, signal: stop.signal });
  const count = await write(packets).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    return 0;
  });
  if (stop.signal.aborted) return;
  tell({ note: `standard input has ended after ${count} packets` });
  await new Promise((done) => stop.signal.addEventListener('abort', done, { once: true }));
}

async function run(): Promise<void> {
  const ticking = setInterval(() => {
    for (const files of open) files.tick();
  }, tickMs);
  parentPort?.once('message', () => stop.abort());
  try {
    if (input.from === 'interface') {
      if (program === undefined) throw new Error('neither tcpdump nor dumpcap is installed');
      await captureInterface(input.name, program);
    } else if (input.from === 'connect') await captureFrom(input.host, input.port);
    else if (input.from === 'listen') await listen(input.host, input.port);
    else await captureStdin();
  } finally {
    clearInterval(ticking);
    parentPort?.close();
  }
}

/** Tells what is no news while everything is being ended. */
function note(text: string): void {
  if (!stop.signal.aborted) tell({ note: text });
}

function tell(message: RecorderMessage): void {
  parentPort?.postMessage(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

await run();
