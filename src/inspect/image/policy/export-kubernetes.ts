import { stringify } from 'yaml';
import { familiarName } from '../reference.ts';
import type { ExportedPolicy } from './formats.ts';
import type { PolicyVerdict } from './judge-image.ts';
import type { ImagePolicy } from './policy.ts';

/** An object of Kubernetes holds about a megabyte; a name takes at most some hundred bytes of it. */
const maxRefused = 2000;

const podImages = ['containers', 'initContainers', 'ephemeralContainers']
  .map((list) => `(has(object.spec.${list}) ? object.spec.${list}.map(c, c.image) : [])`)
  .join(' + ');

/** A name in full, as containerd reads it: without a registry it is Docker Hub's, without a namespace there `library`. */
const fullNames = `variables.written.map(i,
  i.contains('/') && (i.split('/')[0].contains('.') || i.split('/')[0].contains(':') || i.split('/')[0] == 'localhost')
    ? i : (i.contains('/') ? 'docker.io/' + i : 'docker.io/library/' + i))`;

/**
 * ValidatingAdmissionPolicy and its binding (admissionregistration.k8s.io/v1): pods whose images are from other registries, are not pinned
 * where that is asked for, or are refused by the index, do not start. CEL sees no signatures.
 */
export function admissionPolicy(
  policy: ImagePolicy & { readonly registries: readonly string[] },
  verdicts: readonly PolicyVerdict[],
): ExportedPolicy {
  const refused = [...new Set(verdicts.filter(({ state }) => state === 'refused').flatMap(namesOf))].sort();
  const listed = refused.slice(0, maxRefused);
  const beginnings = policy.registries.map((one) => one.replace(/\/$/, ''));
  const validations = [
    {
      expression: `variables.images.all(i, ${list(beginnings)}.exists(r, i == r || i.startsWith(r + '/') || i.startsWith(r + ':') || i.startsWith(r + '@')))`,
      message: `images come from ${beginnings.join(', ')}`,
    },
    ...(policy.pinned
      ? [
          {
            expression: `variables.images.all(i, i.matches('@sha256:[0-9a-f]{64}$'))`,
            message: 'images are named by digest: image@sha256:…',
          },
        ]
      : []),
    ...(listed.length > 0
      ? [
          {
            expression: `variables.images.all(i, !(i in variables.refused) && !((i.split('@')[0].matches(':[^/]*$') ? i : i + ':latest') in variables.refused) && !(i.contains('@') && i.split('@')[1] in variables.refused))`,
            message: 'the image is refused by the policy: vakthund image index judge tells why',
          },
        ]
      : []),
  ];
  const spec = {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [''],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['pods', 'pods/ephemeralcontainers'],
        },
      ],
    },
    variables: [
      { name: 'written', expression: podImages },
      { name: 'images', expression: fullNames },
      ...(listed.length > 0 ? [{ name: 'refused', expression: list(listed) }] : []),
    ],
    validations,
  };
  const head = (kind: string): object => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'vakthund-image-policy' },
  });
  const objects = [
    { ...head('ValidatingAdmissionPolicy'), spec },
    {
      ...head('ValidatingAdmissionPolicyBinding'),
      spec: { policyName: 'vakthund-image-policy', validationActions: ['Deny'] },
    },
  ];
  const left = [
    ...(policy.signed === undefined ? [] : ['signatures: the API server cannot verify them; export kyverno as well']),
    ...(refused.length > maxRefused ? [`${refused.length - maxRefused} refused images: the list is full`] : []),
  ];
  return { text: objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n'), left };
}

/** All that a pod may call an image: its names in full, and its digest. */
function namesOf({ image: { names, digest } }: PolicyVerdict): string[] {
  return [...names.map(familiarName).filter(isName), ...(digest === undefined ? [] : [digest])];
}

/** An archive may call its image anything; what is no name can be in no pod, and must not break the expression. */
function isName(text: string): boolean {
  return /^[\w.:/@-]+$/.test(text);
}

/** A list of CEL. */
function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`).join(', ')}]`;
}
