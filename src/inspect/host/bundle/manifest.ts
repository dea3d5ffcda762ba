import { z } from 'zod';

/**
 * Names inside a bundle: `root/…` are contents of files, `tables/NAME.json` rows of host tables, `files/` and `proc/` lines about all names and
 * about what the kernel said of processes.
 */
export const bundleNames = {
  manifest: 'manifest.json',
  signature: 'manifest.sig.json',
  files: 'files/',
  proc: 'proc/',
  root: 'root/',
  tables: 'tables/',
} as const;

export const bundleSchema = 'vakthund.bundle/1';

const limitsSchema = z.object({ fileBytes: z.number(), totalBytes: z.number(), seconds: z.number() });

/** What a bundle says of itself: what was taken, of what, when, and what was left out. */
export const manifestSchema = z.object({
  schema: z.literal(bundleSchema),
  version: z.string(),
  host: z.string(),
  /** What was looked at: `/`, or the folder of a root. */
  root: z.string(),
  kind: z.enum(['live', 'folder']),
  /** ISO 8601, UTC. */
  started: z.string(),
  ended: z.string(),
  limits: limitsSchema,
  /** Which processes belong to it; absent when nothing ran there. */
  scope: z
    .object({
      self: z.number().exactOptional(),
      root: z.string().exactOptional(),
      mountNamespace: z.string().exactOptional(),
    })
    .exactOptional(),
  /** Members of the bundle other than this one and its signature, with SHA-256 of their bytes. */
  members: z.array(
    z.object({
      name: z.string(),
      size: z.number(),
      sha256: z.string(),
      /** The file is larger: only its beginning was taken. */
      of: z.number().exactOptional(),
    }),
  ),
  /** What was not taken, and why. */
  refused: z.array(z.object({ path: z.string(), why: z.string() })),
  notChecked: z.array(z.object({ what: z.string(), why: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type CollectLimits = z.infer<typeof limitsSchema>;

export const signatureSchema = z.object({
  algorithm: z.literal('ed25519'),
  /** SHA-256 of the public key, base64url: what people compare. */
  key: z.string(),
  /** The public key (SPKI, PEM). */
  publicKey: z.string(),
  /** Over the bytes of the manifest, base64. */
  signature: z.string(),
});
