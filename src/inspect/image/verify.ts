import { formatIso } from '../../base/time.ts';
import type { Attachment, SignatureScheme, SignatureVerdict, SignedSubject, Trust } from './signature-scheme.ts';
import { signatureSchemes, type SignatureSchemeId } from './signatures/registry.generated.ts';

export interface SignedThing {
  readonly subject: SignedSubject;
  readonly attachments: readonly Attachment[];
}

export interface JudgedSignature extends SignatureVerdict {
  /** Digest that it was judged against. */
  readonly subject: string;
}

export interface Verification {
  /**
   * `valid`: at least one signature is. `invalid`: one or an attestation does not hold, and no signature does. `missing`: there is no
   * signature that what is trusted could judge, whatever was attested.
   */
  readonly state: 'valid' | 'invalid' | 'missing';
  readonly signatures: readonly JudgedSignature[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
  /** What to do next, a sentence each. */
  readonly next: readonly string[];
}

/** Images of an index that are named. */
const maxNamed = 10;

/** Said with every valid signature: who signed says nothing of what is inside. */
const noProofOfClean =
  'A signature says who published an image, and not that it is harmless: compare it with the digest that you ran before, layer by layer and package by package, and scan it.';

/**
 * Judges everything that stands beside a subject by all schemes that what is trusted is of use to, or by one; each signature is told. Valid
 * is what was asked for, the first thing, by one valid signature; or else all parts of it (manifests of platforms), each by one.
 */
export async function verifySignatures(
  things: readonly [SignedThing, ...SignedThing[]],
  trust: Trust,
  only?: SignatureSchemeId,
): Promise<Verification> {
  const chosen = Object.values<SignatureScheme>(signatureSchemes).filter(({ id }) => only === undefined || id === only);
  const signatures: JudgedSignature[] = [];
  const notChecked: { readonly what: string; readonly why: string }[] = [];
  for (const { subject, attachments } of things) {
    for (const scheme of chosen) {
      const owned = attachments.filter((attachment) => scheme.owns(attachment));
      if (scheme.isTrusted(trust)) {
        const verdicts = await scheme.verify({ subject, attachments: owned, trust });
        signatures.push(...verdicts.map((verdict) => ({ ...verdict, subject: subject.digest })));
      } else if (owned.length > 0) {
        notChecked.push({
          what: `${owned.length} × ${scheme.title}`,
          why: `nothing is trusted for it: give ${scheme.trustedBy}`,
        });
      }
    }
    const strange = attachments.filter((attachment) => !chosen.some((scheme) => scheme.owns(attachment)));
    for (const { at, mediaType } of strange) {
      notChecked.push({ what: at, why: `it is no signature that was asked for: ${mediaType || 'of unknown type'}` });
    }
  }
  const [, ...parts] = things;
  const state = stateOf(things, signatures, trust);
  const unsigned = parts.filter((part) => !isSigned(part, signatures, trust)).map(({ subject }) => subject.digest);
  return { state, signatures, notChecked, next: nextOf(state, signatures, trust, unsigned) };
}

/**
 * Whether it makes an image signed. Who scans an image, or writes down what is in it, attests that with the same key as what he publishes: so
 * of attestations count only those that were asked for.
 */
export function countsAsSignature({ attests }: SignatureVerdict, { attestations = [] }: Trust): boolean {
  return attests === undefined || attestations === 'any' || attestations.includes(attests);
}

function stateOf(
  [asked, ...parts]: readonly [SignedThing, ...SignedThing[]],
  signatures: readonly JudgedSignature[],
  trust: Trust,
): Verification['state'] {
  const holds = (thing: SignedThing): boolean => isSigned(thing, signatures, trust);
  // One signed platform says nothing of the others that the same index may lead to.
  if (holds(asked) || (parts.length > 0 && parts.every(holds))) return 'valid';
  return signatures.some((one) => !one.isValid || countsAsSignature(one, trust)) ? 'invalid' : 'missing';
}

function isSigned({ subject }: SignedThing, signatures: readonly JudgedSignature[], trust: Trust): boolean {
  return signatures.some((one) => one.isValid && one.subject === subject.digest && countsAsSignature(one, trust));
}

function nextOf(
  state: Verification['state'],
  signatures: readonly JudgedSignature[],
  trust: Trust,
  unsigned: readonly string[],
): string[] {
  const { at } = trust;
  if (state === 'missing') {
    const others = signatures.flatMap(({ isValid, attests }) => (isValid && attests !== undefined ? attests : []));
    const types = [...new Set(others)];
    return [
      ...(types.length === 0
        ? []
        : [
            `What is attested (${types.join(', ')}) holds, but does not say that the image is signed: where it is enough for you, --attestation with its type.`,
          ]),
      'Mirrors often leave signatures behind: look for them where the image was published.',
    ];
  }
  if (state === 'invalid') {
    if (signatures.some((one) => one.isValid && countsAsSignature(one, trust))) {
      return [
        `It leads to images of which nobody has signed ${unsigned.length}: ${unsigned.slice(0, maxNamed).join(', ')}. Where you run another of its images, verify that one by its digest (NAME@sha256:…).`,
      ];
    }
    const day = formatIso(at).slice(0, 10);
    return [`Do not run it before somebody has explained why no signature holds as of ${day}.`];
  }
  const valid = signatures.filter((one) => one.isValid && countsAsSignature(one, trust));
  const isClean = valid.some(({ checks }) => checks.every((check) => check.state !== 'warned'));
  return [
    ...(isClean ? [] : ['No valid signature is without a warning: what failed was let pass, so look at each.']),
    noProofOfClean,
  ];
}
