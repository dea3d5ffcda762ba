import type { KnownProcess } from './ancestry.ts';
import type { ContainerFilesState } from './container-files.ts';
import type { Loss, NodeState } from './assembly/gaps.ts';

/** What decoding needs to go on from a checkpoint, beside the bytes from there on. */
export interface ResumeState {
  /** Lines before this offset were read; of those only the records of pending events are read again. */
  readonly readUntil: number;
  /** Events that had begun and not ended, with the offset of their first record. */
  readonly pending: readonly (readonly [id: string, byte: number])[];
  /** Events that were taken for ended because the content was, though more of their records may come when it has grown. */
  readonly ended?: readonly string[];
  readonly nodes: readonly (readonly [string, NodeState])[];
  readonly loss: Loss;
  readonly containerFiles?: ContainerFilesState | undefined;
  readonly processes: readonly (readonly [number, KnownProcess])[];
}

/**
 * Characters of a checkpoint that remembered processes may take, the ones seen last first. A checkpoint is stored with
 * every batch; after going on from it, parents seen longer ago than these are not known.
 */
const maxProcessText = 32_768;

export function writeState(
  state: Omit<ResumeState, 'processes'>,
  processes: Iterable<readonly [number, KnownProcess]>,
): string {
  const parts: string[] = [];
  let length = 0;
  for (const entry of processes) {
    const text = JSON.stringify(entry);
    length += text.length;
    if (length > maxProcessText) break;
    parts.push(text);
  }
  const rest = JSON.stringify(state);
  return `${rest.slice(0, -1)},"processes":[${parts.join(',')}]}`;
}

/** Undefined for text that this source did not write. */
export function readState(text: string | undefined): ResumeState | undefined {
  if (text === undefined || !text.startsWith('{"readUntil":')) return undefined;
  try {
    return JSON.parse(text) as ResumeState;
  } catch {
    return undefined;
  }
}
