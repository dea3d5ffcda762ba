import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { answerText, noAnswer, readAnswer, type Answer } from './answer.ts';
import { jarmHash } from './hash.ts';
import { clientHello, probes, type Chance } from './probes.ts';
import { seenWith } from '../known-fingerprints.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface JarmResult extends Target {
  readonly jarm: string;
  /** The ten answers as the reference prints them, by commas. */
  readonly raw: string;
  /** What is published with this JARM; a hint at most. */
  readonly seenWith?: string;
  /** Why nothing can be said: no probe reached the server. */
  readonly fault?: string;
}

export interface ScanOptions {
  readonly timeoutMs: number;
  /** Wait between two probes of one server. */
  readonly pauseMs: number;
  readonly signal?: AbortSignal;
}

/** Bytes of an answer that count; the reference reads as many, once. */
const answerBytes = 1484;

/** After so many probes without an answer from the first on nobody is asked further. */
const silentProbes = 3;

const chance: Chance = {
  bytes: (count) => randomBytes(count),
  grease: () => `${randomInt(16).toString(16)}a`.repeat(2),
};

/** Sends the ten probes to a server, one after another, each on a connection of its own. */
export async function scanTarget(target: Target, options: ScanOptions): Promise<JarmResult> {
  const answers: Answer[] = [];
  const faults: string[] = [];
  for (const [index, probe] of probes.entries()) {
    options.signal?.throwIfAborted();
    if (index > 0 && options.pauseMs > 0) await new Promise((done) => setTimeout(done, options.pauseMs));
    const answer = await ask(target, clientHello(probe, target.host, chance), options);
    if (typeof answer === 'string') faults.push(answer);
    answers.push(typeof answer === 'string' ? noAnswer : readAnswer(answer));
    // A closed port says the same ten times, and one that lets everybody wait holds the others up.
    if (index === 0 && answer === 'ECONNREFUSED') break;
    if (faults.length === silentProbes && answers.length === silentProbes && answer === 'ETIMEDOUT') break;
  }
  while (answers.length < probes.length) answers.push(noAnswer);
  const jarm = jarmHash(answers);
  const known = seenWith('jarm', jarm);
  const [fault] = faults;
  const isSilent = answers.every((answer) => answer === noAnswer);
  return {
    ...target,
    jarm,
    raw: answers.map(answerText).join(','),
    ...(known === undefined ? {} : { seenWith: known }),
    ...(isSilent && fault !== undefined ? { fault } : {}),
  };
}

/** The first bytes of the answer; a text when the server could not be reached or did not answer in time. */
function ask({ host, port }: Target, hello: Buffer, { timeoutMs, signal }: ScanOptions): Promise<Buffer | string> {
  return new Promise((done) => {
    const socket = connect({ host, port, ...(signal === undefined ? {} : { signal }) });
    const timer = setTimeout(() => end('ETIMEDOUT'), timeoutMs);
    let received = Buffer.alloc(0);
    const end = (result: Buffer | string): void => {
      clearTimeout(timer);
      socket.destroy();
      done(result);
    };
    socket.on('connect', () => socket.write(hello));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]).subarray(0, answerBytes);
      if (received.length === answerBytes || isWhole(received)) end(received);
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(received.length > 0 ? received : (error.code ?? error.message)),
    );
    socket.on('close', () => end(received));
  });
}

/** The first record has come wholly: what follows it does not count. */
function isWhole(bytes: Buffer): boolean {
  return bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3);
}
