/** Shannon entropy in bits per byte, 0 to 8; 0 for nothing. */
export function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let index = 0; index < bytes.length; index++) {
    const value = bytes[index] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  let entropy = 0;
  for (const count of counts) {
    if (count > 0) entropy -= (count / bytes.length) * Math.log2(count / bytes.length);
  }
  return entropy;
}

/** Below it, text and random bytes look too much alike. */
const minSample = 256;
/** How far under the expectation the entropy of random bytes may lie. */
const slack = 0.15;

/**
 * Whether so many bytes of that entropy look like random ones, as encrypted and well compressed data do. A sample of n random bytes
 * measures less than 8 bits, by about 255 / (2 n ln 2) (Miller and Madow).
 */
export function looksRandom(entropy: number, length: number): boolean {
  return length >= minSample && entropy >= 8 - 255 / (2 * length * Math.LN2) - slack;
}

/** `7.98 bits per byte`. */
export function entropyText(entropy: number): string {
  return `${entropy.toFixed(2)} bits per byte`;
}
