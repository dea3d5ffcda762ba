import { z } from 'zod';
import { ritaSettings } from '../../rita/settings.ts';

export const settings = z.object({
  ...ritaSettings,
  minimumCalls: z.number().int().min(5).default(6).describe('Calls that a pair must have made.'),
  minimumSpanMinutes: z.number().min(0).default(60).describe('Minutes that must lie between its first and last call.'),
  minimumEvidence: z
    .number()
    .min(0)
    .default(16)
    .describe(
      'Natural logarithm of how unlikely memoryless arrivals must be to look so regular; 16 is one in nine million.',
    ),
  minimumInformation: z
    .number()
    .min(0)
    .default(0.25)
    .describe(
      'How far from memoryless an interval must be on average, in nats; 0.25 leaves out intervals that scatter by over ±85 %.',
    ),
  minimumScore: z.number().min(0).max(1).default(0.4).describe('Findings below this score are not made.'),
  maxCallsPerPair: z
    .number()
    .int()
    .min(100)
    .default(20_000)
    .describe('Of a pair with more calls only the latest are looked at.'),
  maxFindings: z.number().int().min(1).default(500).describe('The strongest findings are kept.'),
});
export type BeaconSettings = ReturnType<typeof settings.parse>;
