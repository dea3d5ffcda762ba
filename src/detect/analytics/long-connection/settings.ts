import { z } from 'zod';
import { ritaSettings } from '../../rita/settings.ts';

export const settings = z.strictObject({
  ...ritaSettings,
  min_single_minutes: z
    .number()
    .min(0)
    .default(10)
    .describe('Connections shorter than this do not count: many short ones are not a long one.'),
  min_score: z.number().min(0).max(1).default(0.3).describe('Findings below this score are not made.'),
  include_internal: z
    .boolean()
    .default(false)
    .describe('Also tell connections inside the network: databases, file shares and remote shells last all day there.'),
  max_findings: z.number().int().min(1).default(500).describe('The strongest findings are kept.'),
});
export type LongConnectionSettings = ReturnType<typeof settings.parse>;
