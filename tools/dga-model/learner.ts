import { groupTable, suffixTable, wordTable, type Features } from '../../src/detect/analytics/dga/features.ts';
import { shapes } from '../../src/detect/analytics/dga/shape.ts';
import { groupWidth, hidden, inputs, suffixWidth, wordWidth } from '../../src/detect/analytics/dga/network.ts';
import type { Numbers } from './samples.ts';

/** Steps of tables and layers. */
const tableRate = 0.08;
const layerRate = 0.02;
/** Share of groups of characters that a lesson leaves out, so that no few of them are relied on. */
const leftOut = 0.15;

/** Trains the network of `src/detect/analytics/dga`, a name at a time, with steps by AdaGrad (Duchi, Hazan, Singer 2011). */
export class Learner {
  readonly #numbers: Numbers;
  readonly #groups: Weights;
  readonly #words: Weights;
  readonly #suffixes: Weights;
  readonly #hidden: Weights;
  readonly #bias: Weights;
  readonly #output: Weights;
  readonly #direct: Weights;
  readonly #input = new Float64Array(inputs);
  readonly #slopes = new Float64Array(inputs);
  readonly #values = new Float64Array(hidden);

  constructor(numbers: Numbers) {
    this.#numbers = numbers;
    this.#groups = new Weights(groupTable * groupWidth, tableRate, () => this.#around(0.1));
    this.#words = new Weights(wordTable * wordWidth, tableRate, () => this.#around(0.1));
    this.#suffixes = new Weights(suffixTable * suffixWidth, tableRate, () => this.#around(0.1));
    this.#hidden = new Weights(hidden * inputs, layerRate, () => this.#around(1 / Math.sqrt(inputs)));
    this.#bias = new Weights(hidden, layerRate, () => 0);
    this.#output = new Weights(hidden, layerRate, () => this.#around(1 / Math.sqrt(hidden)));
    this.#direct = new Weights(inputs, layerRate, () => 0);
  }

  #around(size: number): number {
    return (this.#numbers.next() * 2 - 1) * size;
  }

  /** One lesson; the loss before it in nats. */
  learn(features: Features, truth: 0 | 1, share = 1): number {
    const groups = features.groups.filter(() => this.#numbers.next() >= leftOut);
    const [groupScale, wordScale] = [1 / Math.sqrt(Math.max(1, groups.length)), 1 / Math.max(1, features.words.length)];
    const input = this.#input.fill(0);
    this.#groups.pool(groups, groupWidth, input, 0, groupScale);
    this.#words.pool(features.words, wordWidth, input, groupWidth, wordScale);
    this.#suffixes.pool([features.suffix], suffixWidth, input, groupWidth + wordWidth, 1);
    input.set(features.shape, inputs - shapes);
    const sum = this.#forward();
    const chance = 1 / (1 + Math.exp(-sum));
    this.#backward((chance - truth) * share);
    this.#groups.spread(groups, groupWidth, this.#slopes, 0, groupScale);
    this.#words.spread(features.words, wordWidth, this.#slopes, groupWidth, wordScale);
    this.#suffixes.spread([features.suffix], suffixWidth, this.#slopes, groupWidth + wordWidth, 1);
    return -Math.log(Math.max(1e-9, truth === 1 ? chance : 1 - chance));
  }

  #forward(): number {
    let sum = 0;
    for (let index = 0; index < inputs; index++) sum += this.#direct.at(index) * (this.#input[index] as number);
    for (let unit = 0; unit < hidden; unit++) {
      let value = this.#bias.at(unit);
      for (let index = 0; index < inputs; index++) {
        value += this.#hidden.at(unit * inputs + index) * (this.#input[index] as number);
      }
      this.#values[unit] = value;
      if (value > 0) sum += value * this.#output.at(unit);
    }
    return sum;
  }

  #backward(error: number): void {
    for (let index = 0; index < inputs; index++) {
      this.#slopes[index] = error * this.#direct.at(index);
      this.#direct.step(index, error * (this.#input[index] as number));
    }
    for (let unit = 0; unit < hidden; unit++) {
      const value = this.#values[unit] ?? 0;
      if (value <= 0) continue;
      const slope = error * this.#output.at(unit);
      this.#output.step(unit, error * value);
      this.#bias.step(unit, slope);
      for (let index = 0; index < inputs; index++) {
        const at = unit * inputs + index;
        this.#slopes[index] = (this.#slopes[index] as number) + slope * this.#hidden.at(at);
        this.#hidden.step(at, slope * (this.#input[index] as number));
      }
    }
  }

  /** The bytes that `networkOf` reads. */
  packed(): Buffer {
    const tables = [this.#groups, this.#words, this.#suffixes].map((table) => table.eightBits());
    const floats = [
      tables.map(({ scale }) => scale),
      ...[this.#hidden, this.#bias, this.#output, this.#direct].map((layer) => layer.all()),
    ].flatMap((layer) => [...layer]);
    const packed = Buffer.alloc(floats.length * 4);
    for (const [index, value] of floats.entries()) packed.writeFloatLE(value, index * 4);
    return Buffer.concat([packed, ...tables.map(({ bytes }) => bytes)]);
  }
}

class Weights {
  readonly #weights: Float32Array;
  readonly #sums: Float32Array;
  readonly #rate: number;

  constructor(size: number, rate: number, first: () => number) {
    this.#weights = new Float32Array(size).map(first);
    this.#sums = new Float32Array(size);
    this.#rate = rate;
  }

  at(index: number): number {
    return this.#weights[index] as number;
  }

  all(): Float32Array {
    return this.#weights;
  }

  step(index: number, slope: number): void {
    const sum = (this.#sums[index] as number) + slope * slope;
    this.#sums[index] = sum;
    this.#weights[index] = (this.#weights[index] as number) - (this.#rate * slope) / Math.sqrt(sum + 1e-3);
  }

  /** Adds the rows of the entries up. */
  pool(entries: readonly number[], width: number, into: Float64Array, offset: number, scale: number): void {
    const weights = this.#weights;
    for (const entry of entries) {
      for (let index = 0; index < width; index++) {
        into[offset + index] = (into[offset + index] as number) + (weights[entry * width + index] as number) * scale;
      }
    }
  }

  /** Steps of the rows of the entries. */
  spread(entries: readonly number[], width: number, slopes: Float64Array, offset: number, scale: number): void {
    for (const entry of entries) {
      for (let index = 0; index < width; index++) {
        this.step(entry * width + index, (slopes[offset + index] as number) * scale);
      }
    }
  }

  eightBits(): { readonly scale: number; readonly bytes: Buffer } {
    let largest = 1e-9;
    for (const weight of this.#weights) largest = Math.max(largest, Math.abs(weight));
    const scale = largest / 127;
    return { scale, bytes: Buffer.from(Int8Array.from(this.#weights, (weight) => Math.round(weight / scale)).buffer) };
  }
}
