import { createHash } from 'node:crypto';
import { VakthundError } from '../../../base/errors.ts';
import { formatIso } from '../../../base/time.ts';
import type { Problem } from '../../../base/problem.ts';
import { signatureSchemes, type SignatureSchemeId } from '../../../inspect/image/signatures/registry.generated.ts';
import type { Trust } from '../../../inspect/image/signature-scheme.ts';
import {
  countsAsSignature,
  verifySignatures,
  type JudgedSignature,
  type SignedThing,
  type Verification,
} from '../../../inspect/image/verify.ts';
import { readTrustFile } from '../../../inspect/image/verify-stores.ts';
import { openSignedImage } from '../../../inspect/image/verify-subject.ts';
import { loadTrust } from '../../../inspect/image/verify-trust.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import { parseTimeArgument } from '../../parse-time.ts';
import type { Terminal } from '../../terminal.ts';
import { openOptions, type ImageOptions } from './image-options.ts';

export interface VerifyOptions extends ImageOptions {
  readonly key: readonly string[];
  readonly logKey: readonly string[];
  readonly rootCertificate: readonly string[];
  readonly crl?: readonly string[];
  readonly ocsp?: readonly string[];
  readonly trustedRoot?: string;
  readonly tufRoot?: string;
  readonly tufMirror?: string;
  readonly identity?: string;
  readonly issuer?: string;
  readonly repository?: string;
  readonly annotation?: readonly string[];
  readonly attestation?: readonly string[];
  readonly trustPolicy?: string;
  readonly trustStore?: string;
  readonly contentTrust?: string;
  readonly bundle?: string;
  readonly artifact?: string;
  readonly digest?: string;
  readonly tag?: string;
  readonly at?: string;
  readonly scheme?: string;
}

interface Subjects {
  /** What a person calls it. */
  readonly name: string;
  readonly things: readonly [SignedThing, ...SignedThing[]];
  readonly problems: readonly Problem[];
}

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Judges all signatures of an image, or one bundle of an artifact. 0: valid; 1: none is, or there is none; 2: some could not be read. */
export async function verifyImage(
  image: string | undefined,
  options: VerifyOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  demandTrust(options);
  const now = Date.now() * 1000;
  const {
    key: keys,
    logKey: logKeys,
    rootCertificate: rootCertificates,
    crl: revocationLists = [],
    ocsp: ocspResponses = [],
    annotation: annotations = [],
    attestation: attestations = [],
    at,
    ...rest
  } = options;
  const trust = await loadTrust({
    ...rest,
    keys,
    logKeys,
    rootCertificates,
    revocationLists,
    ocspResponses,
    annotations,
    // A bundle that was named is what was asked for, whatever it says.
    attestations: options.bundle !== undefined && attestations.length === 0 ? 'any' : attestations,
    at: at === undefined ? now : parseTimeArgument(at, now),
  });
  const scheme = schemeOf(options.scheme);
  const { name, things, problems } = await subjectsOf(image, options, terminal);
  const verification = await verifySignatures(things, trust, scheme);
  if (terminal.json) terminal.out(asJson(name, things, verification, problems));
  else terminal.out(describe(name, things, verification, trust, problems));
  if (verification.state === 'valid') return 0;
  // What could not be read might have been the signature that holds.
  return problems.length > 0 ? 2 : 1;
}

function demandTrust({ key, trustedRoot, tufRoot, trustPolicy, contentTrust }: VerifyOptions): void {
  if (key.length > 0 || [trustedRoot, tufRoot, trustPolicy, contentTrust].some((one) => one !== undefined)) return;
  throw new VakthundError('USAGE', 'nothing is trusted by default: say what is', {
    hint: '--key FILE, --trusted-root FILE with --identity and --issuer, --trust-policy FILE with --trust-store, or --content-trust FOLDER',
  });
}

function schemeOf(id: string | undefined): SignatureSchemeId | undefined {
  if (id === undefined || Object.hasOwn(signatureSchemes, id)) return id as SignatureSchemeId | undefined;
  const hint = `one of ${Object.keys(signatureSchemes).join(', ')}`;
  throw new VakthundError('USAGE', `there is no signature scheme ${JSON.stringify(id)}`, { hint });
}

async function subjectsOf(image: string | undefined, options: VerifyOptions, terminal: Terminal): Promise<Subjects> {
  const { bundle, artifact, digest, tag, contentTrust } = options;
  if (image !== undefined) {
    if (bundle !== undefined || artifact !== undefined || digest !== undefined) {
      throw new VakthundError('USAGE', 'an image and --bundle, --artifact or --digest exclude each other');
    }
    const { things, problems } = await openSignedImage(image, openOptions(options, terminal));
    const [asked, ...parts] = things;
    return { name: image, things: [withTag(asked, tag), ...parts], problems };
  }
  if (bundle === undefined && contentTrust === undefined) {
    throw new VakthundError('USAGE', 'name an image, or give --bundle with --artifact or --digest');
  }
  const subject = artifactOf(artifact, digest);
  const attachments =
    bundle === undefined ? [] : [{ at: bundle, mediaType: bundleType, annotations: {}, bytes: readTrustFile(bundle) }];
  const name = artifact ?? subject.digest;
  return { name, things: [withTag({ subject, attachments }, tag)], problems: [] };
}

function withTag({ subject, attachments }: SignedThing, tag: string | undefined): SignedThing {
  return { subject: tag === undefined ? subject : { ...subject, tag }, attachments };
}

function artifactOf(artifact: string | undefined, digest: string | undefined): SignedThing['subject'] {
  if (artifact !== undefined && digest !== undefined) {
    throw new VakthundError('USAGE', '--artifact and --digest exclude each other');
  }
  if (artifact !== undefined) {
    const bytes = readTrustFile(artifact);
    return { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
  }
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new VakthundError('USAGE', 'say what was signed: --artifact FILE, or --digest sha256:…');
  }
  return { digest };
}

const marks = { passed: 'ok', failed: 'FAILED', warned: 'warning', 'not-checked': 'not checked' } as const;

function describe(
  name: string,
  things: readonly SignedThing[],
  { state, signatures, notChecked, next }: Verification,
  trust: Trust,
  problems: readonly Problem[],
): string {
  const counting = signatures.filter((one) => countsAsSignature(one, trust));
  const others = signatures.filter((one) => !countsAsSignature(one, trust));
  const heads = {
    valid: `valid: ${holdingOf(counting)} of ${numbered(counting.length, 'signature')}`,
    invalid: `NOT VALID: ${failing(counting)}`,
    missing: 'NOT SIGNED: no signature that what is trusted could judge',
  };
  const beside = others.length === 0 ? '' : `; ${holdingOf(others)} of ${numbered(others.length, 'attestation')} holds`;
  return [
    `${visibleText(name)}  ${things[0]?.subject.digest ?? ''}`,
    `${heads[state]}${beside}`,
    ...signatures.flatMap(signatureLines),
    ...notChecked.map(({ what, why }) => `not checked: ${visibleText(what)}: ${visibleText(why)}`),
    ...problems.map(({ at, message }) => `problem: ${visibleText(at.path ?? '')}: ${visibleText(message)}`),
    ...next.map((text) => `next: ${visibleText(text)}`),
    '',
  ].join('\n');
}

function failing(signatures: readonly JudgedSignature[]): string {
  const holding = holdingOf(signatures);
  if (signatures.length === 0) return 'no signature';
  const all = numbered(signatures.length, 'signature');
  return holding === 0 ? `none of ${all} holds` : `${holding} of ${all} holds, and not for all that it leads to`;
}

function holdingOf(signatures: readonly JudgedSignature[]): number {
  return signatures.filter(({ isValid }) => isValid).length;
}

function numbered(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function signatureLines({ form, at, isValid, checks, note, signer, signedAt }: JudgedSignature): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const by = signer === undefined ? '' : ` by ${visibleText(signer)}`;
  const when = signedAt === undefined ? '' : `, ${formatIso(signedAt).slice(0, 19)}Z`;
  return [
    '',
    `${isValid ? 'valid' : 'not valid'}: ${visibleText(form)}${by}${when}`,
    `  at ${visibleText(at)}`,
    ...checks.map(({ name, state, detail }) => `  ${name.padEnd(width)}  ${marks[state]}: ${visibleText(detail)}`),
    ...(note === undefined ? [] : [`  note: ${note}`]),
  ];
}

function asJson(
  name: string,
  things: readonly SignedThing[],
  { state, signatures, notChecked, next }: Verification,
  problems: readonly Problem[],
): string {
  const result = {
    image: name,
    digest: things[0]?.subject.digest,
    state,
    signatures: signatures.map(({ isValid, signedAt, ...rest }) => ({
      ...rest,
      valid: isValid,
      ...(signedAt === undefined ? {} : { signed_at: formatIso(signedAt) }),
    })),
    not_checked: notChecked,
    problems: problems.map(({ code, at, message }) => ({ code, at: at.path ?? '', message })),
    next,
  };
  return `${visibleJson(JSON.stringify(result, undefined, 1))}\n`;
}
