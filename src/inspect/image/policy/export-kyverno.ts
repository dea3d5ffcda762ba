import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { ExportedPolicy } from './formats.ts';
import type { ImagePolicy } from './policy.ts';

/** ClusterPolicy (kyverno.io/v1): registries and digests by a pattern, signatures by `verifyImages`. */
export function kyvernoPolicy(policy: ImagePolicy & { readonly registries: readonly string[] }): ExportedPolicy {
  const { registries, pinned, signed } = policy;
  // A beginning of names may be a whole name too, with tag or digest behind it.
  const beginnings = registries.flatMap((one) => ['/*', ':*', '@*'].map((rest) => one.replace(/\/$/, '') + rest));
  const pinnedOnes = beginnings.map((one) => (one.endsWith('@*') ? `${one.slice(0, -1)}sha256:*` : `${one}@sha256:*`));
  const containers = (pinned ? pinnedOnes : beginnings).join(' | ');
  const attestors = signed === undefined ? [] : attestorsOf(signed);
  const rule = (name: string, rest: object): object => ({
    name,
    match: { any: [{ resources: { kinds: ['Pod'] } }] },
    ...rest,
  });
  const object = {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'vakthund-image-policy' },
    spec: {
      validationFailureAction: 'Enforce',
      background: true,
      webhookTimeoutSeconds: 30,
      rules: [
        rule('registries', {
          validate: {
            message: `images come from ${registries.join(', ')}${pinned ? ' and are named by digest' : ''}`,
            pattern: {
              spec: {
                '=(ephemeralContainers)': [{ image: containers }],
                '=(initContainers)': [{ image: containers }],
                containers: [{ image: containers }],
              },
            },
          },
        }),
        ...(attestors.length > 0
          ? [
              rule('signatures', {
                verifyImages: [
                  {
                    imageReferences: beginnings,
                    required: true,
                    mutateDigest: true,
                    attestors: [{ count: 1, entries: attestors }],
                  },
                ],
              }),
            ]
          : []),
      ],
    },
  };
  const left = [
    ...(signed?.trust_policy === undefined ? [] : ['the trust policy of Notation: its certificates are named there']),
    ...(signed?.trusted_root === undefined ? [] : ['the trusted root: Kyverno holds identities against its own']),
    ...((signed?.attestations.length ?? 0) > 0 ? ['attestations: Kyverno is asked for signatures'] : []),
    ...(registries.some((one) => one.startsWith('docker.io'))
      ? ['short names: Kyverno takes them as they are written, so write docker.io/library/nginx for nginx']
      : []),
  ];
  return { text: stringify(object, { lineWidth: 0 }), left };
}

function attestorsOf({ keys, identity, issuer }: NonNullable<ImagePolicy['signed']>): object[] {
  const keyed = keys.map((path) => ({ keys: { publicKeys: readFileSync(path, 'utf8') } }));
  if (identity === undefined || issuer === undefined) return keyed;
  return [
    ...keyed,
    { keyless: { subjectRegExp: `^(?:${identity})$`, issuer, rekor: { url: 'https://rekor.sigstore.dev' } } },
  ];
}
