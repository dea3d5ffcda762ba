import type { Features } from '../../src/detect/analytics/dga/features.ts';
import { groupTable, kindTable, shapes } from '../../src/detect/analytics/dga/features.ts';

const groupRate = 0.15;
const otherRate = 0.1;

/** Logistic regression with steps by AdaGrad (Duchi, Hazan, Singer 2011). */
export class Learner {
  readonly #groups = new Table(groupTable, groupRate);
  readonly #shape = new Table(shapes, otherRate);
  readonly #kinds = new Table(kindTable, otherRate);

  learn(features: Features, truth: 0 | 1): void {
    const { groups, shape, kinds } = features;
    const share = 1 / Math.sqrt(groups.length);
    let sum = 0;
    for (const group of groups) sum += this.#groups.weight(group) * share;
    for (const [index, value] of shape.entries()) sum += this.#shape.weight(index) * value;
    for (const kind of kinds) sum += this.#kinds.weight(kind);
    const error = 1 / (1 + Math.exp(-sum)) - truth;
    for (const group of groups) this.#groups.step(group, error * share);
    for (const [index, value] of shape.entries()) this.#shape.step(index, error * value);
    for (const kind of kinds) this.#kinds.step(kind, error);
  }

  /** What `model.json` holds: weights of groups and kinds in eight bits. */
  model(): Record<string, unknown> {
    const [groups, kinds] = [this.#groups.packed(), this.#kinds.packed()];
    return {
      groupScale: groups.scale,
      kindScale: kinds.scale,
      shape: this.#shape.rounded(),
      kinds: kinds.text,
      groups: groups.text,
    };
  }
}

class Table {
  readonly #weights: Float64Array;
  readonly #sums: Float64Array;
  readonly #rate: number;

  constructor(size: number, rate: number) {
    this.#weights = new Float64Array(size);
    this.#sums = new Float64Array(size);
    this.#rate = rate;
  }

  weight(index: number): number {
    return this.#weights[index] ?? 0;
  }

  step(index: number, slope: number): void {
    const sum = (this.#sums[index] ?? 0) + slope * slope;
    this.#sums[index] = sum;
    this.#weights[index] = (this.#weights[index] ?? 0) - (this.#rate * slope) / Math.sqrt(sum + 1e-3);
  }

  rounded(): number[] {
    return [...this.#weights].map((weight) => Number(weight.toFixed(5)));
  }

  packed(): { readonly scale: number; readonly text: string } {
    const largest = this.#weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const scale = largest / 127;
    const packed = Int8Array.from(this.#weights, (weight) => Math.round(weight / scale));
    return { scale, text: Buffer.from(packed.buffer).toString('base64') };
  }
}
