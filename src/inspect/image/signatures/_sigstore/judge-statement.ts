import { createHash } from 'node:crypto';
import { judgeAnnotations } from '../_checks/annotations.ts';
import type { CheckList } from '../_checks/checks.ts';
import { asObject } from '../_checks/json.ts';
import { repositoryOf } from '../_checks/repository-name.ts';
import type { SignedSubject, Trust } from '../../signature-scheme.ts';
import { readStatement, signType, type StatementSubject } from './statement.ts';

const algorithms = ['sha256', 'sha384', 'sha512'] as const;

/** What a statement says: its type, in words for people, and whether that is more or else than that the subject is signed. */
export interface Said {
  readonly type: string;
  readonly isSignature: boolean;
}

/**
 * Whether a signed statement is about the subject, what no library checks: its digest, the repository and the annotations that were asked
 * for. What is no statement fails as `digest`.
 */
export function judgeStatement(
  envelope: { readonly payloadType: string; readonly payload: Buffer },
  subject: SignedSubject,
  trust: Trust,
  checks: CheckList,
): Said {
  const statement = readStatement(envelope.payloadType, envelope.payload);
  if (typeof statement === 'string') {
    checks.failed('digest', statement);
    return { type: envelope.payloadType, isSignature: false };
  }
  const { bytes } = subject;
  const known = [
    subject.digest,
    ...(bytes === undefined ? [] : algorithms.map((name) => `${name}:${createHash(name).update(bytes).digest('hex')}`)),
  ];
  const own = statement.subjects.filter(({ digests }) => known.some((digest) => digests.includes(digest)));
  checks.require(
    'digest',
    own.length > 0,
    `the statement is about ${subject.digest}`,
    `none of the ${statement.subjects.length} subjects of the statement is ${subject.digest}`,
  );
  judgeName(own, trust, checks);
  const verdict = { type: statement.predicateType, isSignature: statement.predicateType === signType };
  if (!verdict.isSignature && !isWanted(verdict.type, trust)) return verdict;
  const annotations = own.flatMap((one) => Object.entries(asObject(one.annotations) ?? {}));
  judgeAnnotations(Object.fromEntries(annotations), trust, checks);
  return verdict;
}

/** Others are told, and nothing is asked of them. */
function isWanted(type: string, { attestations = [] }: Trust): boolean {
  return attestations === 'any' || attestations.includes(type);
}

function judgeName(subjects: readonly StatementSubject[], { signedFor }: Trust, checks: CheckList): void {
  if (signedFor === undefined) return;
  const names = subjects.map(({ name }) => name).filter((name) => name !== '');
  checks.require(
    'reference',
    names.some((name) => repositoryOf(name) === repositoryOf(signedFor)),
    names.join(', '),
    names.length === 0 ? namesNone(signedFor) : `it is about ${names.join(', ')}, and wanted is ${signedFor}`,
  );
}

/** Why a form that names no repository cannot be for a wanted one. */
export function namesNone(signedFor: string): string {
  return `it names no repository, so that it holds in any, and wanted is ${signedFor}`;
}
