import type { KeyObject, X509Certificate } from 'node:crypto';
import type { ForeignPattern } from '../../base/regex.ts';
import type { Micros } from '../../base/time.ts';

/** What is checked of a signature, in the order in which results are shown. The texts are those of the reference page. */
export const checkNames = {
  format: 'The envelope is well-formed, of a known version, and within its bounds.',
  policy: 'The trust policy has a statement for this image, and what it asks for.',
  root: 'The root of trust is the one that was pinned, and not only one that agrees with itself.',
  time: 'When it was signed, as a log or a time-stamping authority says, and not only the signer.',
  chain: 'Certificates or keys lead to what is trusted, and were valid at that time.',
  sct: 'The certificate was written into a certificate transparency log.',
  log: 'The signature was written into a transparency log, and the entry is about this very signature.',
  signature: 'The cryptographic signature over the payload holds.',
  digest: 'What was signed is this image, by its digest.',
  reference: 'What was signed was signed for this repository or tag.',
  annotations: 'What the signer said in annotations is what was asked for.',
  identity: 'Who signed is who should have.',
  expiry: 'The signature or its metadata have not run out.',
  revocation: 'The certificates were not revoked.',
} as const;
export type CheckName = keyof typeof checkNames;

export interface SignatureCheck {
  readonly name: CheckName;
  /** `warned`: it does not hold, and the policy lets it pass. `not-checked`: `detail` says why. */
  readonly state: 'passed' | 'failed' | 'warned' | 'not-checked';
  /** One short sentence or value, for people; hostile text in it is not cleaned. */
  readonly detail: string;
}

/** What came out for one signature. */
export interface SignatureVerdict {
  readonly scheme: string;
  /** Its form in words: `cosign, keyless`, `DSSE attestation, https://slsa.dev/provenance/v1`. */
  readonly form: string;
  /** Where it stands: the digest of a blob, a tag, a file. */
  readonly at: string;
  /** Nothing failed, and everything that the scheme needs was checked. */
  readonly isValid: boolean;
  /** Who signed, as far as it was proven: subject of a certificate, or the fingerprint of a key. */
  readonly signer?: string;
  /** By a trusted source of time. */
  readonly signedAt?: Micros;
  readonly checks: readonly SignatureCheck[];
  /** Type of what is said about the image, where that is not that it is signed: a report, a bill of materials, how it was built. */
  readonly attests?: string;
  /** What else to know about the scheme. */
  readonly note?: string;
}

/** What a signature is about. */
export interface SignedSubject {
  /** `sha256:…` of the manifest, index or artifact. */
  readonly digest: string;
  /** The very bytes; undefined when only the digest is known. */
  readonly bytes?: Buffer;
  readonly mediaType?: string;
  /** Registry and repository without tag and digest: `registry.example/team/app`; undefined when it is not known. */
  readonly repository?: string;
  readonly tag?: string;
}

/** Bytes that stand beside an image and may be a signature of it. */
export interface Attachment {
  /** Digest of the blob, with the tag or referrer that led to it. */
  readonly at: string;
  readonly mediaType: string;
  /** Artifact type of the manifest that holds it, or the media type of its configuration. */
  readonly artifactType?: string;
  /** Of the layer descriptor. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface TrustedKey {
  /** What a person calls it: the file it came from. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Metadata of one repository of Docker Content Trust by role: `root`, `targets`, `targets/releases`. */
export interface ContentTrust {
  readonly roles: ReadonlyMap<string, Buffer>;
  /** An earlier root.json, or certificates of root keys, that were got in another way. */
  readonly pinnedRoot?: Buffer;
  readonly pinnedCertificates: readonly X509Certificate[];
}

/** What is trusted. Everything was named by the user; nothing is fetched, and nothing is trusted by default. */
export interface Trust {
  /** Public keys of signers. */
  readonly keys: readonly TrustedKey[];
  /** Public keys of transparency logs that sign entries (Rekor v1), besides those of the trusted root. */
  readonly logKeys: readonly TrustedKey[];
  /** Sigstore's `trusted_root.json`, parsed as JSON. */
  readonly trustedRoot?: unknown;
  /** Wanted signer of keyless signatures: a pattern on the subject alternative name, and the issuer of the identity token. */
  readonly identity?: { readonly pattern: ForeignPattern; readonly text: string; readonly issuer?: string };
  /** Repository that must have been signed for; a form that names none does not hold then. For cosign's payload, undefined lets others pass with a warning, because mirrors keep signatures. */
  readonly signedFor?: string;
  /** Annotations that must have been signed, by their names. */
  readonly annotations?: ReadonlyMap<string, string>;
  /** Types of attestations that count as a signature; none by default, as who scans an image attests too. */
  readonly attestations?: readonly string[] | 'any';
  /** Notation's trust policy document, parsed as JSON. */
  readonly trustPolicy?: unknown;
  /** Notation's trust store: certificates by `type:name` (`ca:example`, `tsa:example`). */
  readonly trustStore: ReadonlyMap<string, readonly X509Certificate[]>;
  readonly contentTrust?: ContentTrust;
  /** Certificate revocation lists in DER; what they do not say is not known. */
  readonly revocationLists?: readonly Buffer[];
  /** Responses of OCSP in DER, as responders gave them. */
  readonly ocspResponses?: readonly Buffer[];
  /** Time for which expiry is judged: now, or an earlier day for archived evidence. */
  readonly at: Micros;
}

export interface VerifyRequest {
  readonly subject: SignedSubject;
  readonly attachments: readonly Attachment[];
  readonly trust: Trust;
}

/** One way to sign images and other artifacts. Works on bytes alone: no files, no network, no clock. */
export interface SignatureScheme<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it verifies and what it leaves out: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  /** Options that say what is trusted; the hint when a signature is found and none was given. */
  readonly trustedBy: string;
  /** Whether the trust that was given is of use to it. */
  isTrusted(trust: Trust): boolean;
  /** Whether an attachment is of this scheme, by its types alone. */
  owns(attachment: Attachment): boolean;
  /** A verdict for each signature among the attachments that it owns. Hostile input is a failed check; must not throw. */
  verify(request: VerifyRequest): Promise<SignatureVerdict[]>;
}

/** Checks a scheme while keeping its literal id. */
export function defineSignatureScheme<const Id extends string>(scheme: SignatureScheme<Id>): SignatureScheme<Id> {
  return scheme;
}

/** Bytes of one signature, envelope or bundle that are read; those that exist have some kilobytes, attestations some hundred. */
export const maxEnvelopeBytes = 2 ** 24;
