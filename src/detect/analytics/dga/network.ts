import { groupTable, suffixTable, wordTable, type Features } from './features.ts';
import { shapes } from './shape.ts';

/** Numbers of an entry of each table. */
export const groupWidth = 16;
export const wordWidth = 8;
export const suffixWidth = 8;
/** What the hidden layer sees: the groups, the words and the suffix pooled, and the shape. */
export const inputs = groupWidth + wordWidth + suffixWidth + shapes;
export const hidden = 48;

/** Tables of eight bits with what their steps are worth, and the layers: `hiddenWeights` a row of `inputs` for each. */
export interface Network {
  readonly groups: Int8Array;
  readonly words: Int8Array;
  readonly suffixes: Int8Array;
  readonly scales: Float64Array;
  readonly hiddenWeights: Float64Array;
  readonly hiddenBias: Float64Array;
  readonly outputWeights: Float64Array;
  /** From the inputs past the hidden layer. */
  readonly direct: Float64Array;
}

const floats = 3 + hidden * inputs + hidden + hidden + inputs;

/** Reads what `tools/dga-model` wrote: floats of 32 bits, little-endian, then the tables. */
export function networkOf(bytes: Uint8Array): Network {
  const tables = groupTable * groupWidth + wordTable * wordWidth + suffixTable * suffixWidth;
  if (bytes.length !== floats * 4 + tables) throw new RangeError('not a network of this shape');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = Float64Array.from({ length: floats }, (_none, index) => view.getFloat32(index * 4, true));
  let [number, byte] = [0, floats * 4];
  const layer = (size: number): Float64Array => numbers.subarray(number, (number += size));
  const table = (size: number): Int8Array => new Int8Array(bytes.subarray(byte, (byte += size)));
  return {
    scales: layer(3),
    hiddenWeights: layer(hidden * inputs),
    hiddenBias: layer(hidden),
    outputWeights: layer(hidden),
    direct: layer(inputs),
    groups: table(groupTable * groupWidth),
    words: table(wordTable * wordWidth),
    suffixes: table(suffixTable * suffixWidth),
  };
}

const input = new Float64Array(inputs);

/** Log odds that an algorithm made the name. */
export function outputOf(network: Network, { groups, words, suffix, shape }: Features): number {
  const [groupScale = 0, wordScale = 0, suffixScale = 0] = network.scales;
  input.fill(0);
  pool(network.groups, groupWidth, groups, 0, groupScale / Math.sqrt(Math.max(1, groups.length)));
  pool(network.words, wordWidth, words, groupWidth, wordScale / Math.max(1, words.length));
  pool(network.suffixes, suffixWidth, [suffix], groupWidth + wordWidth, suffixScale);
  input.set(shape, inputs - shapes);
  const { hiddenWeights, hiddenBias, outputWeights, direct } = network;
  let sum = 0;
  for (let index = 0; index < inputs; index++) sum += (direct[index] as number) * (input[index] as number);
  for (let unit = 0, at = 0; unit < hidden; unit++) {
    let value = hiddenBias[unit] as number;
    for (let index = 0; index < inputs; index++, at++) {
      value += (hiddenWeights[at] as number) * (input[index] as number);
    }
    if (value > 0) sum += value * (outputWeights[unit] as number);
  }
  return sum;
}

function pool(table: Int8Array, width: number, entries: readonly number[], offset: number, scale: number): void {
  for (const entry of entries) {
    const row = entry * width;
    for (let index = 0; index < width; index++) {
      input[offset + index] = (input[offset + index] as number) + (table[row + index] as number);
    }
  }
  for (let index = 0; index < width; index++) input[offset + index] = (input[offset + index] as number) * scale;
}
