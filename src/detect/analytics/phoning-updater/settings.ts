import { z } from 'zod';

export const settings = z.strictObject({
  min_calm_calls: z.number().int().min(4).default(8).describe('Calls that must have been alike before the change.'),
  min_changed_calls: z.number().int().min(2).default(3).describe('Calls after the change from which it is told.'),
  min_more_bytes: z
    .number()
    .int()
    .min(1)
    .default(96)
    .describe('Bytes that a call must send more than any before it: a cookie with a few facts about the inside.'),
  min_score: z.number().min(0).max(1).default(0.4).describe('Changes below this make no finding.'),
});
