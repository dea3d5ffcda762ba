import type { FormatId } from './detect.ts';

/** What decoding needs to go on from a checkpoint, beside the bytes from there on. */
export interface ResumeState {
  readonly format: FormatId;
  /** Pieces behind the checkpoint that were taken already: lines that end in them were handed over. */
  readonly pieces: number;
  /** Problems up to this line were told. */
  readonly line: number;
}

export function writeState({ format, pieces, line }: ResumeState): string {
  return `${format} ${pieces} ${line}`;
}

/** Undefined for text that this source did not write. */
export function readState(text: string | undefined): ResumeState | undefined {
  const parts = /^(?<format>docker|cri) (?<pieces>\d{1,15}) (?<line>\d{1,15})$/.exec(text ?? '')?.groups;
  if (parts === undefined) return undefined;
  const format = parts['format'] === 'docker' ? 'docker' : 'cri';
  return { format, pieces: Number(parts['pieces']), line: Number(parts['line']) };
}
