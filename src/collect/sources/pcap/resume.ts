import type { FilePosition } from './files/capture-file.ts';

/** What decoding needs to go on from a checkpoint. */
export interface ResumeState {
  /** Events that a reading from here on has handed over before: they are left out. */
  readonly events: number;
  /** Where the reading began, when that is not the start of the file: after an earlier one, in a file that has grown. */
  readonly from: { readonly position: FilePosition; readonly packets: number } | undefined;
  /** In how many parts it was read: the order of the events depends on it. */
  readonly parts: number;
}

export function writeState(state: ResumeState): string {
  return JSON.stringify({ capture: 1, ...state });
}

/** Undefined for text that this source did not write. */
export function readState(text: string | undefined): ResumeState | undefined {
  if (text === undefined || !text.startsWith('{"capture":1,')) return undefined;
  try {
    const { events, from, parts = 1 } = JSON.parse(text) as Partial<ResumeState>;
    return { events: events ?? 0, from, parts };
  } catch {
    return undefined;
  }
}
