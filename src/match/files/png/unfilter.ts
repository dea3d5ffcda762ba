/**
 * Undoes PNG's row filters in place (PNG specification, 9). `raw` holds rows of one filter byte and `rowBytes` bytes each, the last
 * perhaps cut. Returns how many rows are whole and have a known filter; the rest stands as it was.
 */
export function unfilter(raw: Uint8Array, rowBytes: number, pixelBytes: number): number {
  const stride = rowBytes + 1;
  const rows = Math.floor(raw.length / stride);
  for (let row = 0; row < rows; row++) {
    const start = row * stride + 1;
    const filter = raw[start - 1] ?? 0;
    if (filter > 4) return row;
    if (filter === 0) continue;
    const undo = filters[filter - 1];
    undo?.(raw, start, start + rowBytes, pixelBytes, row === 0 ? 0 : stride);
  }
  return rows;
}

/** `above` is the distance to the row above, 0 when there is none and its bytes count as zeros. */
type Undo = (raw: Uint8Array, start: number, end: number, pixelBytes: number, above: number) => void;

const filters: readonly Undo[] = [undoSub, undoUp, undoAverage, undoPaeth];

function undoSub(raw: Uint8Array, start: number, end: number, pixelBytes: number): void {
  for (let at = start + pixelBytes; at < end; at++) raw[at] = (raw[at] ?? 0) + (raw[at - pixelBytes] ?? 0);
}

function undoUp(raw: Uint8Array, start: number, end: number, _pixelBytes: number, above: number): void {
  if (above === 0) return;
  for (let at = start; at < end; at++) raw[at] = (raw[at] ?? 0) + (raw[at - above] ?? 0);
}

function undoAverage(raw: Uint8Array, start: number, end: number, pixelBytes: number, above: number): void {
  for (let at = start; at < end; at++) {
    const left = at - pixelBytes < start ? 0 : (raw[at - pixelBytes] ?? 0);
    const up = above === 0 ? 0 : (raw[at - above] ?? 0);
    raw[at] = (raw[at] ?? 0) + ((left + up) >> 1);
  }
}

function undoPaeth(raw: Uint8Array, start: number, end: number, pixelBytes: number, above: number): void {
  for (let at = start; at < end; at++) {
    const hasLeft = at - pixelBytes >= start;
    const left = hasLeft ? (raw[at - pixelBytes] ?? 0) : 0;
    const up = above === 0 ? 0 : (raw[at - above] ?? 0);
    const corner = hasLeft && above > 0 ? (raw[at - above - pixelBytes] ?? 0) : 0;
    const estimate = left + up - corner;
    const [toLeft, toUp, toCorner] = [
      Math.abs(estimate - left),
      Math.abs(estimate - up),
      Math.abs(estimate - corner),
    ] as const;
    let nearest = corner;
    if (toLeft <= toUp && toLeft <= toCorner) nearest = left;
    else if (toUp <= toCorner) nearest = up;
    raw[at] = (raw[at] ?? 0) + nearest;
  }
}
