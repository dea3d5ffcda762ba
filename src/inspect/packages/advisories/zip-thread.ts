import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { zipMembers } from './zip-members.ts';

/** Members that are handed over together: enough to be worth a message. */
const batchBytes = 2 << 20;
const batchMembers = 4096;
/** Batches that are on their way: memory stays bounded while the other side is busy. */
const maxUnderWay = 4;

/** Some members of an archive in their order: the content of all in one piece of memory, or what is wrong with one. */
export interface ZipBatch {
  readonly paths: readonly string[];
  /** Where the content of each ends; that of one with a problem is empty. */
  readonly ends: readonly number[];
  readonly bytes: ArrayBuffer;
  readonly problems: readonly (readonly [index: number, problem: Problem])[];
}

/** What the thread says: a batch, why it gave up, or that all was read. */
export type ZipMessage = { readonly batch: ZipBatch } | { readonly failure: string } | { readonly done: true };

const port = parentPort;
let underWay = 0;
let wake: (() => void) | undefined;

let paths: string[] = [];
let contents: Buffer[] = [];
let problems: [number, Problem][] = [];
let length = 0;

async function send(): Promise<void> {
  if (paths.length === 0) return;
  const bytes = new Uint8Array(length);
  let end = 0;
  const ends = contents.map((content) => {
    bytes.set(content, end);
    return (end += content.length);
  });
  const batch: ZipBatch = { paths, ends, bytes: bytes.buffer, problems };
  port?.postMessage({ batch } satisfies ZipMessage, [bytes.buffer]);
  [paths, contents, problems, length] = [[], [], [], 0];
  underWay++;
  while (underWay >= maxUnderWay) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

async function readAll(path: string): Promise<void> {
  for await (const opened of zipMembers(path)) {
    const isProblem = 'problem' in opened;
    const content = isProblem ? Buffer.alloc(0) : opened.bytes;
    // A large one goes by itself, so that no piece of memory holds it and many others.
    if (length + content.length > batchBytes || paths.length >= batchMembers) await send();
    if (isProblem) problems.push([paths.length, opened.problem]);
    paths.push(isProblem ? '' : opened.path);
    contents.push(content);
    length += content.length;
  }
  await send();
}

// Each answer says that one batch was read.
port?.on('message', () => {
  underWay--;
  wake?.();
});

try {
  await readAll(workerData as string);
  port?.postMessage({ done: true } satisfies ZipMessage);
} catch (error) {
  port?.postMessage({ failure: messageOf(error) } satisfies ZipMessage);
}
port?.close();
