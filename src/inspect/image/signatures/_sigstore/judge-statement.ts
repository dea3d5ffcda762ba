import { createHash } from 'node:crypto';
import type { CheckList } from '../_checks/checks.ts';
import type { SignedSubject } from '../../signature-scheme.ts';
import { readStatement } from './statement.ts';

const algorithms = ['sha256', 'sha384', 'sha512'] as const;

/** Whether a signed statement is about the subject: what no library checks. Gives the type of what is said, where it can be read. */
export function judgeStatement(
  envelope: { readonly payloadType: string; readonly payload: Buffer },
  subject: SignedSubject,
  checks: CheckList,
): string | undefined {
  const statement = readStatement(envelope.payloadType, envelope.payload);
  if (typeof statement === 'string') {
    checks.failed('digest', statement);
    return undefined;
  }
  const { bytes } = subject;
  const known = [
    subject.digest,
    ...(bytes === undefined ? [] : algorithms.map((name) => `${name}:${createHash(name).update(bytes).digest('hex')}`)),
  ];
  checks.require(
    'digest',
    known.some((digest) => statement.digests.has(digest)),
    `the statement is about ${subject.digest}`,
    `none of the ${statement.digests.size} digests in the statement is of ${subject.digest}`,
  );
  return statement.predicateType;
}
