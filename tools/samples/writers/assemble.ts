import { gzipSync } from 'node:zlib';
import type { StepId } from '../intrusion/steps.ts';
import type { LogFile } from './line.ts';

/** A file to be written, below the folder of its evidence. */
export interface SampleFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Numbers of the lines that tell of each step, from 1, in the uncompressed file. */
  readonly stepLines: ReadonlyMap<StepId, readonly number[]>;
}

const systemByte = 9;
const unknownSystem = 255;

export function assemble(log: LogFile): SampleFile {
  const texts = [...log.header, ...log.lines.map((line) => line.text), ...log.footer];
  const plain = Buffer.from(texts.length === 0 ? '' : `${texts.join('\n')}\n`, 'utf8');
  const stepLines = new Map<StepId, number[]>();
  for (const [index, line] of log.lines.entries()) {
    if (line.step === undefined) continue;
    const numbers = stepLines.get(line.step) ?? [];
    numbers.push(log.header.length + index + 1);
    stepLines.set(line.step, numbers);
  }
  return { path: log.path, bytes: log.path.endsWith('.gz') ? compress(plain) : plain, stepLines };
}

/** gzip without a time or a name in it, and the same on every system. */
function compress(plain: Buffer): Buffer {
  const packed = gzipSync(plain, { level: 9, memLevel: 9 });
  packed.writeUInt8(unknownSystem, systemByte);
  return packed;
}
