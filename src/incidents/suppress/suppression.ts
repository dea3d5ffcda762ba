import { z } from 'zod';
import { scopeKeys, type ScopeKey } from './scope.ts';

const day = z.iso.date();
const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

export const suppressionSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[\w.-]{1,60}$/)
      .describe('Name of it, unique in its file.'),
    detector: oneOrMore.optional().describe(scopeKeys.detector),
    source: oneOrMore.optional().describe(scopeKeys.source),
    from: oneOrMore.optional().describe(scopeKeys.from),
    destination: oneOrMore.optional().describe(scopeKeys.destination),
    domain: oneOrMore.optional().describe(scopeKeys.domain),
    fingerprint: oneOrMore.optional().describe(scopeKeys.fingerprint),
    user: oneOrMore.optional().describe(scopeKeys.user),
    container: oneOrMore.optional().describe(scopeKeys.container),
    image: oneOrMore.optional().describe(scopeKeys.image),
    executable: oneOrMore.optional().describe(scopeKeys.executable),
    file: oneOrMore.optional().describe(scopeKeys.file),
    reason: z.string().min(1).describe('Why it is right to be silent.'),
    author: z.string().min(1).describe('Who said so.'),
    created: day.describe('When.'),
    expires: day.optional().describe('First day on which it no longer holds; never when left out.'),
  })
  .refine((value) => Object.keys(scopeKeys).some((key) => value[key as ScopeKey] !== undefined), {
    message: 'it names nothing that is to be silent',
  });
export type Suppression = z.infer<typeof suppressionSchema>;

export const suppressionFileSchema = z.strictObject({ suppressions: z.array(suppressionSchema).max(10_000) });
