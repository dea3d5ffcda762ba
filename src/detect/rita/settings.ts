import { z } from 'zod';

/** Settings that every analytic with RITA's profiles has. */
export const ritaSettings = {
  profile: z
    .enum(['vakthund', 'rita-code', 'rita-shipped'])
    .default('vakthund')
    .describe("Whose score: our own, RITA's with its compiled-in numbers, or RITA's with its shipped configuration."),
  rolling: z
    .boolean()
    .default(false)
    .describe('RITA profiles: raise or lower a score by how long the destination has been known.'),
  drop_external_to_internal: z
    .boolean()
    .default(true)
    .describe('RITA profiles: leave out connections that come from outside.'),
  always_included: z
    .array(z.string())
    .default([])
    .describe('RITA profiles: networks whose connections are kept whatever the other filters say.'),
  never_included: z.array(z.string()).default([]).describe('RITA profiles: networks whose connections are left out.'),
};

export interface RitaSettings {
  readonly profile: 'vakthund' | 'rita-code' | 'rita-shipped';
  readonly rolling: boolean;
  readonly drop_external_to_internal: boolean;
  readonly always_included: readonly string[];
  readonly never_included: readonly string[];
  readonly max_findings: number;
}
