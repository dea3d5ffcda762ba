import { describe, expect, it } from 'vitest';
import { jpegOf } from '../../../../tests/support/jpeg.ts';
import { inspectFile, type FileInspection } from '../inspect-file.ts';

const blocksWide = 40;

/** The same numbers in each run, 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Coefficients as pictures have them: the rarer, the larger they are. `spread` is large where a picture is coded finely. */
function coefficientsOf(spread: number, seed = 1): Int16Array {
  const next = numbers(seed);
  return Int16Array.from({ length: 64 * blocksWide * 40 }, (_, at) => {
    if (at % 64 > 20) return 0;
    const size = Math.min(900, Math.round(-Math.log(1 - next()) * spread));
    return next() < 0.5 ? size : -size;
  });
}

/** As JSteg does: the lowest bits of what is neither 0 nor 1, from the first one on. */
function withMessage(coefficients: Int16Array, share: number): Int16Array {
  const next = numbers(7);
  return coefficients.map((value, at) =>
    at % 64 === 0 || value === 0 || value === 1 || at >= coefficients.length * share
      ? value
      : (value & ~1) | Math.floor(next() * 2),
  );
}

function inspect(bytes: Uint8Array): FileInspection {
  return inspectFile({ name: 'photo.jpg', bytes, size: bytes.length });
}

describe('messages in the coefficients of a JPEG', () => {
  it.each([0.1, 0.3, 1])('are found where they take up %d of it, and where they end', (share) => {
    const { signs } = inspect(jpegOf(withMessage(coefficientsOf(1.5), share), blocksWide));
    expect(signs).toMatchObject([{ id: 'coefficients', severity: 'high', attack: ['T1027.003'] }]);
    expect(Math.abs(Number(signs[0]?.reasons.at(-1)?.value) - share)).toBeLessThanOrEqual(0.1);
  });

  it.each([0.5, 1, 1.5, 3, 10, 60])('are not claimed of clean ones, coarse and fine: %d', (spread) => {
    for (const seed of [1, 2, 3]) expect(inspect(jpegOf(coefficientsOf(spread, seed), blocksWide)).signs).toEqual([]);
  });

  it('are not claimed of few, and not looked for in what cannot be decoded', () => {
    const few = withMessage(coefficientsOf(1.5), 1).subarray(0, 64 * 6);
    expect(inspect(jpegOf(few, 3)).signs).toEqual([]);
    const cut = jpegOf(coefficientsOf(1), blocksWide).subarray(0, 9000);
    expect(inspect(cut).notChecked).toContainEqual({
      what: 'messages in JPEG coefficients by JSteg',
      why: 'the data of scan 1 are damaged',
    });
  });

  it('of other tools are said not to be looked for', () => {
    const { notChecked } = inspect(jpegOf(coefficientsOf(1), blocksWide));
    expect(notChecked).toEqual([
      { what: 'messages in JPEG coefficients by steghide, OutGuess or F5', why: 'there is no test for them' },
    ]);
  });
});
