/** Who keeps a policy where containers are started, and in whose words it can be written. */
export const policyExports = {
  kubernetes:
    'ValidatingAdmissionPolicy of Kubernetes 1.30 and later: registries, digests, and the images of the index that are refused',
  kyverno: 'ClusterPolicy of Kyverno: registries, digests, and signatures by keys or identities of Sigstore',
  containers: 'policy.json of podman, CRI-O and skopeo: registries, and signatures by keys',
} as const;
export type PolicyExport = keyof typeof policyExports;

/** The policy in the words of who keeps it, and what it cannot say there. */
export interface ExportedPolicy {
  readonly text: string;
  readonly left: readonly string[];
}
