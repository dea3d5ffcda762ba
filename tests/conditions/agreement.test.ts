import { expect, it } from 'vitest';
import { checkAgreement } from './agreement.ts';

/** `npm run agree` runs as many as one has time for. */
it('means the same as a stream, in an indexed set and as SQL, for random conditions and rows', async () => {
  const result = await checkAgreement(20_261_125, 600);
  expect(result.disagreements).toEqual([]);
  expect(result.conditions).toBe(600);
  expect(result.hits).toBeGreaterThan(5000);
}, 120_000);
