import { formatIso, type Micros } from '../../../../base/time.ts';
import { judgeAnnotations } from '../_checks/annotations.ts';
import { CheckList } from '../_checks/checks.ts';
import { asObject, readJsonObject } from '../_checks/json.ts';
import { textOf } from '../../json.ts';
import type { Attachment, CheckName, SignatureVerdict, SignedSubject, Trust } from '../../signature-scheme.ts';
import { canBeRevoked, chainFault, nameOf } from './certificate-chain.ts';
import { hold } from './consequence.ts';
import { readCose } from './cose.ts';
import { isSubset, subjectName } from './distinguished-name.ts';
import { signatureHolds, type Envelope } from './envelope.ts';
import { readJws } from './jws.ts';
import { judgeTime } from './judge-time.ts';
import { askRevocation } from './revocation.ts';
import { readTrustPolicy, statementFor, type PolicyStatement } from './trust-policy.ts';

const scheme = 'notation';
const needed: readonly CheckName[] = ['policy', 'format', 'signature', 'digest'];

/** Judges one envelope by the statement of the trust policy that applies to the image. */
export async function judgeEnvelope(
  { at, bytes, mediaType }: Attachment,
  subject: SignedSubject,
  trust: Trust,
): Promise<SignatureVerdict> {
  const checks = new CheckList();
  const read = envelopeReaders.get(mediaType);
  const envelope =
    read === undefined ? `an envelope of the type ${JSON.stringify(mediaType)} is not known` : read(bytes);
  const statement = applicableStatement(subject, trust, checks);
  if (typeof envelope === 'string' || statement === undefined) {
    if (typeof envelope === 'string') checks.failed('format', envelope);
    return { scheme, form: 'Notation envelope', at, isValid: false, checks: checks.list() };
  }
  const signer = envelope.chain[0] === undefined ? undefined : nameOf(envelope.chain[0]);
  checks.passed('format', `${envelope.form}, ${envelope.algorithm}, ${envelope.signingScheme}`);
  judgeIntegrity(envelope, subject, trust, checks);
  await judgeAuthenticity(envelope, statement, trust, checks);
  const signedAt = await judgeTime(envelope, statement, trust, checks);
  judgeExpiry(envelope, statement, trust, checks);
  await judgeRevocation(envelope, statement, { ...trust, signedAt }, checks);
  const isValid = statement.level !== 'skip' && checks.isValid(needed);
  const isProven = checks.stateOf('signature') === 'passed' && checks.stateOf('chain') === 'passed';
  return {
    scheme,
    form: `Notation ${envelope.form} envelope`,
    at,
    isValid,
    ...(isProven && signer !== undefined ? { signer } : {}),
    ...(signedAt === undefined ? {} : { signedAt }),
    checks: checks.list(),
  };
}

const envelopeReaders: ReadonlyMap<string, (bytes: Buffer) => Envelope | string> = new Map([
  ['application/jose+json', readJws],
  ['application/cose', readCose],
]);

function applicableStatement(subject: SignedSubject, trust: Trust, checks: CheckList): PolicyStatement | undefined {
  const statements = readTrustPolicy(trust.trustPolicy);
  if (typeof statements === 'string') {
    checks.failed('policy', `the trust policy is not valid: ${statements}`);
    return undefined;
  }
  const repository = trust.signedFor ?? subject.repository;
  const statement = statementFor(statements, repository);
  if (statement === undefined) {
    checks.failed(
      'policy',
      `no statement of the trust policy is for ${repository ?? 'images of an unknown repository'}`,
    );
  } else if (statement.level === 'skip') {
    checks.notChecked(
      'policy',
      `statement ${JSON.stringify(statement.name)} skips verification: nothing is known of the signature`,
    );
  } else checks.passed('policy', `statement ${JSON.stringify(statement.name)}, level ${statement.level}`);
  return statement;
}

/** Always enforced. */
function judgeIntegrity(envelope: Envelope, subject: SignedSubject, trust: Trust, checks: CheckList): void {
  checks.require(
    'signature',
    signatureHolds(envelope),
    envelope.algorithm,
    'it does not hold under the key of the certificate',
  );
  const artifact = asObject(readJsonObject(envelope.payload)?.['targetArtifact']);
  judgeAnnotations(artifact?.['annotations'], trust, checks);
  const [digest, type, size] = [textOf(artifact?.['digest']) ?? '', artifact?.['mediaType'], artifact?.['size']];
  const isSame =
    digest === subject.digest &&
    (subject.mediaType === undefined || type === subject.mediaType) &&
    (subject.bytes === undefined || size === subject.bytes.length);
  const said = `${digest}, ${JSON.stringify(type)}, ${String(size)} bytes`;
  checks.require(
    'digest',
    isSame,
    digest,
    `signed was ${said}; this is ${subject.digest}, ${subject.mediaType ?? 'of unknown type'}`,
  );
}

async function judgeAuthenticity(
  { chain, signingScheme }: Envelope,
  { stores, identities, enforcement }: PolicyStatement,
  { trustStore }: Trust,
  checks: CheckList,
): Promise<void> {
  const kind = signingScheme === 'notary.x509' ? 'ca' : 'signingAuthority';
  const names = stores.filter((store) => store.startsWith(`${kind}:`));
  const trusted = names.flatMap((name) => trustStore.get(name) ?? []);
  const anchor = chain.find(({ raw }) => trusted.some((one) => one.raw.equals(raw)));
  const fault = await chainFault(chain, 'codeSigning');
  if (fault !== undefined) hold(checks, 'chain', enforcement.authenticity, fault);
  else if (anchor === undefined) {
    const why =
      names.length === 0
        ? `the policy names no store of the type ${kind}`
        : `no certificate of ${names.join(', ')} is in the chain`;
    hold(checks, 'chain', enforcement.authenticity, why);
  } else checks.passed('chain', `to ${nameOf(anchor)}`);
  const leaf = chain[0];
  const subject = subjectName(leaf?.subject ?? '');
  const who = leaf === undefined ? '' : nameOf(leaf);
  if (identities?.some((identity) => isSubset(identity, subject)) ?? true) checks.passed('identity', who);
  else hold(checks, 'identity', enforcement.authenticity, `${who} is none of the trusted identities`);
}

function judgeExpiry({ expiry }: Envelope, { enforcement }: PolicyStatement, { at }: Trust, checks: CheckList): void {
  if (expiry === undefined) checks.passed('expiry', 'it does not run out');
  else if (at <= expiry) checks.passed('expiry', `runs out ${formatIso(expiry)}`);
  else hold(checks, 'expiry', enforcement.expiry, `ran out ${formatIso(expiry)}`);
}

async function judgeRevocation(
  { chain }: Envelope,
  { enforcement }: PolicyStatement,
  {
    revocationLists: lists = [],
    ocspResponses: responses = [],
    at,
    signedAt,
  }: Trust & { readonly signedAt: Micros | undefined },
  checks: CheckList,
): Promise<void> {
  if (enforcement.revocation === 'skip') {
    checks.notChecked('revocation', 'the policy skips it');
    return;
  }
  if (lists.length + responses.length > 0) {
    const revocation = await askRevocation(chain, { lists, responses }, signedAt, at);
    if (revocation.state === 'good') checks.passed('revocation', revocation.how);
    // A certificate that nobody could be asked about is as good as it was without them.
    else if (revocation.state === 'unknown' && !(await canBeRevoked(chain))) {
      checks.passed('revocation', 'the certificates name no place to ask');
    } else hold(checks, 'revocation', enforcement.revocation, revocation.why);
    return;
  }
  if (!(await canBeRevoked(chain))) checks.passed('revocation', 'the certificates name no place to ask');
  else {
    const why = 'nothing goes out to ask, and no list or answer was given (`--crl`, `--ocsp`)';
    hold(checks, 'revocation', enforcement.revocation, why);
  }
}
