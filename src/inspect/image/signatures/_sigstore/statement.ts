import { asObject, readJsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';

/** Payload type of in-toto statements in DSSE envelopes. */
const intotoPayloadType = 'application/vnd.in-toto+json';

/** What `cosign sign` says in a bundle: that it is signed, and no more. */
export const signType = 'https://sigstore.dev/cosign/sign/v1';

export interface StatementSubject {
  /** Often a repository; cosign's own signatures have none. */
  readonly name: string;
  /** `algorithm:hex` in lower case. */
  readonly digests: readonly string[];
  readonly annotations: unknown;
}

export interface Statement {
  /** What is said about the subjects: `https://slsa.dev/provenance/v1`. */
  readonly predicateType: string;
  readonly subjects: readonly StatementSubject[];
}

/** Subjects whose digests are read; a release of thousands of files fits. */
const maxSubjects = 100_000;

/** An in-toto statement (attestation framework, v0.1 and v1); a text says why it is none. */
export function readStatement(payloadType: string, payload: Buffer): Statement | string {
  if (payloadType !== intotoPayloadType) return `the payload is ${payloadType}, and no in-toto statement`;
  const statement = readJsonObject(payload);
  const type = textOf(statement?.['_type']) ?? '';
  if (statement === undefined || !/^https:\/\/in-toto\.io\/Statement\/v(?:0\.1|1)$/.test(type)) {
    return 'the payload is no in-toto statement';
  }
  const subjects = listOf(statement['subject']);
  if (subjects.length > maxSubjects) return `the statement has more than ${maxSubjects} subjects`;
  return { predicateType: textOf(statement['predicateType']) ?? '', subjects: subjects.map(readSubject) };
}

function readSubject(value: unknown): StatementSubject {
  const subject = asObject(value);
  const digests = Object.entries(asObject(subject?.['digest']) ?? {}).flatMap(([algorithm, hex]) =>
    typeof hex === 'string' ? `${algorithm}:${hex.toLowerCase()}` : [],
  );
  return { name: textOf(subject?.['name']) ?? '', digests, annotations: subject?.['annotations'] };
}
