import { z } from 'zod';
import { ritaSettings } from '../../rita/settings.ts';

export const settings = z.strictObject({
  ...ritaSettings,
  connections_per_day: z
    .number()
    .int()
    .min(1)
    .default(86_400)
    .describe('Connections of one pair in a UTC day that make a strobe: one a second.'),
  busy_hours: z
    .number()
    .int()
    .min(1)
    .default(1)
    .describe('Hours at that pace which already count, where there is no whole day of it.'),
  min_score: z.number().min(0).max(1).default(0.3).describe('Findings below this score are not made.'),
  max_findings: z.number().int().min(1).default(200).describe('The strongest findings are kept.'),
});
export type StrobeSettings = ReturnType<typeof settings.parse>;
