const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * The newest committed state of each page in a write-ahead log (sqlite.org/fileformat2.html, 4). Frames count up to the last commit, and
 * while their salts are those of the header: what follows is left from an older log.
 */
export function readWal(wal: Buffer, pageSize: number): Map<number, Buffer> {
  const committed = new Map<number, Buffer>();
  if (wal.length < headerBytes || (wal.readUInt32BE(0) & 0xff_ff_ff_fe) !== 0x37_7f_06_82) return committed;
  const size = wal.readUInt32BE(8);
  if (size !== pageSize) return committed;
  const open = new Map<number, Buffer>();
  const step = frameHeaderBytes + pageSize;
  for (let at = headerBytes; at + step <= wal.length; at += step) {
    if (!wal.subarray(at + 8, at + 16).equals(wal.subarray(16, 24))) break;
    open.set(wal.readUInt32BE(at), wal.subarray(at + frameHeaderBytes, at + step));
    if (wal.readUInt32BE(at + 4) === 0) continue;
    for (const [page, bytes] of open) committed.set(page, bytes);
    open.clear();
  }
  return committed;
}
