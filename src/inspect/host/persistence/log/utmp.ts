/** Size of a record on Linux, whatever the architecture's word size (utmp(5)). */
const recordBytes = 384;

/** Records of nothing but zeros between two that hold something: what a wiper leaves where an entry was. A file of another layout has none. */
export function zeroedRecords(bytes: Buffer): number {
  if (bytes.length % recordBytes !== 0) return 0;
  let zeroed = 0;
  let pending = 0;
  let hasSeen = false;
  for (let at = 0; at < bytes.length; at += recordBytes) {
    if (isZero(bytes, at)) {
      pending++;
      continue;
    }
    if (hasSeen) zeroed += pending;
    pending = 0;
    hasSeen = true;
  }
  return zeroed;
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < from + recordBytes; at++) if (bytes[at] !== 0) return false;
  return true;
}
