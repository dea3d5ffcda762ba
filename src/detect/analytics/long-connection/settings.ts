import { z } from 'zod';
import { ritaSettings } from '../../rita/settings.ts';

export const settings = z.object({
  ...ritaSettings,
  minimumSingleMinutes: z
    .number()
    .min(0)
    .default(10)
    .describe('Connections shorter than this do not count: many short ones are not a long one.'),
  minimumScore: z.number().min(0).max(1).default(0.3).describe('Findings below this score are not made.'),
  includeInternal: z
    .boolean()
    .default(false)
    .describe('Also tell connections inside the network: databases, file shares and remote shells last all day there.'),
  maxFindings: z.number().int().min(1).default(500).describe('The strongest findings are kept.'),
});
export type LongConnectionSettings = ReturnType<typeof settings.parse>;
