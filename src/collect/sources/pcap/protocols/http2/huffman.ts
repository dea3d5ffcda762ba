import codes from './data/huffman.json' with { type: 'json' };

/** A node of the code tree: for a bit, the next node, or `~symbol` when the code ends there; 0 for no code. */
const tree: number[][] = [[0, 0]];
for (const [symbol, entry] of codes.entries()) addCode(symbol, entry[0] ?? 0, entry[1] ?? 0);

function addCode(symbol: number, code: number, length: number): void {
  let node = 0;
  for (let bit = length - 1; bit >= 0; bit--) {
    const branch = (code >> bit) & 1;
    const edges = tree[node] ?? [];
    if (bit === 0) {
      edges[branch] = ~symbol;
      return;
    }
    if (edges[branch] === 0) {
      edges[branch] = tree.length;
      tree.push([0, 0]);
    }
    node = edges[branch] ?? 0;
  }
}

/** Undoes the Huffman coding of RFC 7541, 5.2; undefined for a code that does not exist. Output is at most 1.6 times the input. */
export function decodeHuffman(bytes: Uint8Array): Buffer | undefined {
  const output = Buffer.alloc(Math.ceil((bytes.length * 8) / shortestCode));
  let length = 0;
  let node = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const next = tree[node]?.[(byte >> bit) & 1] ?? 0;
      if (next < 0) {
        output[length++] = ~next;
        node = 0;
      } else {
        if (next === 0) return undefined;
        node = next;
      }
    }
  }
  return output.subarray(0, length);
}

const shortestCode = 5;
