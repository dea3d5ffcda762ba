import { z } from 'zod';

export const settings = z.strictObject({
  min_quiet_hours: z
    .number()
    .min(1)
    .default(24)
    .describe('Hours for which the machine must have been seen without the service before its use counts as new.'),
  min_visits: z
    .number()
    .int()
    .min(4)
    .default(8)
    .describe('Visits (calls with a pause before them) from which a rhythm is looked for.'),
  min_upload_bytes: z
    .number()
    .int()
    .min(1)
    .default(1_048_576)
    .describe('Bytes sent to the service, and more than came back, from which its upload counts.'),
  services: z.array(z.string()).default([]).describe('Further services by domain; names below them count too.'),
  known: z
    .array(z.string())
    .default([])
    .describe('Services of the list that are used here for work and are not told, as they stand in the list.'),
  min_score: z.number().min(0).max(1).default(0.35).describe('Uses below this make no finding.'),
});
