import type { ExportedPolicy } from './formats.ts';
import type { ImagePolicy } from './policy.ts';

/** containers-policy.json(5): whatever no entry allows is rejected; signatures by keys as cosign writes them (`sigstoreSigned`). */
export function containersPolicy(policy: ImagePolicy & { readonly registries: readonly string[] }): ExportedPolicy {
  const { registries, signed } = policy;
  const keys = signed?.keys ?? [];
  const demand =
    keys.length === 0
      ? [{ type: 'insecureAcceptAnything' }]
      : [
          {
            type: 'sigstoreSigned',
            ...(keys.length === 1 ? { keyPath: keys[0] } : { keyPaths: keys }),
            signedIdentity: { type: 'matchRepository' },
          },
        ];
  const docker = Object.fromEntries(registries.map((one) => [one.replace(/\/$/, ''), demand]));
  const left = [
    ...(policy.pinned ? ['digests: policy.json does not ask for them'] : []),
    ...(signed !== undefined && keys.length === 0
      ? ['signatures by identity: policy.json is written for keys only']
      : []),
    ...(keys.length > 0
      ? ['whether hosts look for them: use-sigstore-attachments in registries.d (containers-registries.d(5))']
      : []),
  ];
  return { text: `${JSON.stringify({ default: [{ type: 'reject' }], transports: { docker } }, undefined, 2)}\n`, left };
}
