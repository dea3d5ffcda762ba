import { parseMountinfo, type Mount } from '../../../base/mountinfo.ts';
import type { ProcFolder } from './proc-folder.ts';

/** Mounts that a process sees; `self` is whoever asks. */
export function mountsOf(proc: ProcFolder, pid: number | 'self'): Generator<Mount> {
  return parseMountinfo(proc.text(`${pid}/mountinfo`));
}
