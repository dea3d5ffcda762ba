import { z } from 'zod';
import { ritaSettings } from '../../rita/settings.ts';

export const settings = z.strictObject({
  ...ritaSettings,
  min_calls: z.number().int().min(5).default(6).describe('Calls that a pair must have made.'),
  min_span_minutes: z
    .number()
    .min(0)
    .default(60)
    .describe('Minutes that must lie between its first and last call, or half of what is stored where that is less.'),
  min_evidence: z
    .number()
    .min(0)
    .default(12)
    .describe(
      'Natural logarithm of how unlikely memoryless arrivals must be to look so regular; 12 is one in 160,000.',
    ),
  min_information: z
    .number()
    .min(0)
    .default(0.25)
    .describe(
      'How far from memoryless an interval must be on average, in nats; 0.25 leaves out intervals that scatter by over ±85 %.',
    ),
  min_score: z.number().min(0).max(1).default(0.4).describe('Findings below this score are not made.'),
  max_calls_per_pair: z
    .number()
    .int()
    .min(100)
    .default(20_000)
    .describe('Of a pair with more calls only the latest are looked at.'),
  max_findings: z.number().int().min(1).default(500).describe('The strongest findings are kept.'),
});
export type BeaconSettings = ReturnType<typeof settings.parse>;
