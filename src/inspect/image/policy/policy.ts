import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { parseYaml } from '../../../base/yaml-parse.ts';
import { parsePackageQuery } from '../index-store/find-package.ts';

const severity = z.enum(['low', 'medium', 'high', 'critical']);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is no day such as 2026-12-31');
const packageQuery = z.string().refine(isQuery, 'is no package such as "log4j-core<2.17.1"');

/** What an exception may excuse, and what is told of each fault. */
export const policyRules = [
  'registries',
  'pinned',
  'signed',
  'vulnerabilities',
  'supported',
  'max_age_days',
  'forbidden_packages',
  'non_root',
] as const;
export type PolicyRule = (typeof policyRules)[number];

const signed = z
  .strictObject({
    keys: z.array(z.string()).default([]),
    trusted_root: z.string().optional(),
    identity: z.string().optional(),
    issuer: z.string().optional(),
    trust_policy: z.string().optional(),
    trust_store: z.string().optional(),
    /** Types of attestations that count as a signature: `https://slsa.dev/provenance/v1`. */
    attestations: z.array(z.string().min(1)).default([]),
  })
  .refine(
    ({ keys, trusted_root, trust_policy }) =>
      keys.length > 0 || trusted_root !== undefined || trust_policy !== undefined,
    'needs keys, a trusted_root with identity and issuer, or a trust_policy',
  );

/** What the organisation lets run. A rule that is left out is not judged. */
const imagePolicySchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Beginnings of names, whole parts: `registry.example/team` allows `registry.example/team/app`, not `registry.example/teamwork`. */
  registries: z.array(z.string().min(1)).min(1).optional(),
  /** Who uses an image names its digest. */
  pinned: z.boolean().default(false),
  signed: signed.optional(),
  vulnerabilities: z
    .strictObject({
      /** The lowest severity that is refused while an update would repair it. */
      fixable: severity.optional(),
      /** The lowest severity that is refused, repaired or not. */
      any: severity.optional(),
      /** What is known to be exploited is refused, whatever its severity. */
      exploited: z.boolean().default(false),
    })
    .optional(),
  /** The distribution still gets repairs. */
  supported: z.boolean().default(false),
  max_age_days: z.number().int().min(1).optional(),
  forbidden_packages: z.array(packageQuery).default([]),
  non_root: z.boolean().default(false),
  exceptions: z
    .array(
      z.strictObject({
        /** As in `registries`, or with tag or digest. */
        image: z.string().min(1),
        rules: z.array(z.enum(policyRules)).min(1),
        reason: z.string().min(1),
        /** Last day on which it counts. */
        until: day,
      }),
    )
    .default([]),
});

export type ImagePolicy = z.infer<typeof imagePolicySchema>;

const maxBytes = 1_000_000;

/** Reads a policy; the files that it names stand beside it. Throws `NOT_FOUND` and `CONFIG`: half a policy lets through what it should not. */
export function readImagePolicy(path: string): ImagePolicy {
  const fault = (message: string): VakthundError =>
    new VakthundError('CONFIG', `${path}: ${message}`, {
      at: { path },
      hint: 'docs/guide/image-policy.md has a whole one',
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `the policy "${path}" cannot be read: ${messageOf(error)}`);
  }
  if (text.length > maxBytes) throw fault('it is too large for a policy');
  const document = parseYaml(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) throw fault(broken.message.split('\n', 1)[0] ?? '');
  const parsed = imagePolicySchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw fault(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return { ...parsed.data, ...besides(parsed.data, dirname(path)) };
}

/** Names of files, from the folder of the policy on. */
function besides({ signed: trust }: ImagePolicy, folder: string): Pick<ImagePolicy, 'signed'> {
  if (trust === undefined) return {};
  const { keys, trusted_root, trust_policy, trust_store, ...who } = trust;
  return {
    signed: {
      ...who,
      keys: keys.map((key) => resolve(folder, key)),
      ...(trusted_root === undefined ? {} : { trusted_root: resolve(folder, trusted_root) }),
      ...(trust_policy === undefined ? {} : { trust_policy: resolve(folder, trust_policy) }),
      ...(trust_store === undefined ? {} : { trust_store: resolve(folder, trust_store) }),
    },
  };
}

function isQuery(text: string): boolean {
  try {
    parsePackageQuery(text);
    return true;
  } catch {
    return false;
  }
}
