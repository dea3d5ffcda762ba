import { Random } from '../fuzz/random.ts';

export const photoSide = 256;

/** Samples of a square RGB picture that behaves like a photo: soft shapes with the noise of a sensor. */
export function photoSamples(seed = 1): Uint8Array {
  const random = new Random(seed);
  const samples = new Uint8Array(photoSide * photoSide * 3);
  for (let index = 0; index < samples.length; index++) {
    const pixel = Math.floor(index / 3);
    const [x, y, channel] = [pixel % photoSide, Math.floor(pixel / photoSide), index % 3];
    const shape = 70 * Math.sin(x / 29 + channel) * Math.cos(y / 37) + 30 * Math.sin((x + y) / 11);
    const noise = (random.below(1000) + random.below(1000) + random.below(1000)) / 500 - 3;
    samples[index] = Math.round(128 + shape + noise);
  }
  return samples;
}

/** A copy with random bits in the lowest bits of a share of the samples: the first ones, or scattered ones. */
export function embed(samples: Uint8Array, share: number, order: 'sequential' | 'scattered', seed = 2): Uint8Array {
  const random = new Random(seed);
  return samples.map((value, index) => {
    const isCarrier = order === 'sequential' ? index < samples.length * share : random.below(1000) < share * 1000;
    return isCarrier ? (value & 0xfe) | random.below(2) : value;
  });
}

export function randomBytes(length: number, seed = 3): Buffer {
  const random = new Random(seed);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}
