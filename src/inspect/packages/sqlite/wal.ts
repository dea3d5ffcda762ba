import type { ByteSource } from '../byte-source.ts';

const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * Where the newest committed state of each page begins in a write-ahead log (sqlite.org/fileformat2.html, 4). Frames count up to the last commit, and
 * while their salts are those of the header: what follows is left from an older log.
 */
export function readWal(wal: ByteSource, pageSize: number): Map<number, number> {
  const committed = new Map<number, number>();
  const header = wal.subarray(0, headerBytes);
  if (header.length < headerBytes || (header.readUInt32BE(0) & 0xff_ff_ff_fe) !== 0x37_7f_06_82) return committed;
  if (header.readUInt32BE(8) !== pageSize) return committed;
  const open = new Map<number, number>();
  const step = frameHeaderBytes + pageSize;
  for (let at = headerBytes; at + step <= wal.length; at += step) {
    const frame = wal.subarray(at, at + frameHeaderBytes);
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) break;
    open.set(frame.readUInt32BE(0), at + frameHeaderBytes);
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [page, start] of open) committed.set(page, start);
    open.clear();
  }
  return committed;
}
