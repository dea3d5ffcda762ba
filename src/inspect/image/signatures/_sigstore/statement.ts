import { asObject, readJsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';

/** Payload type of in-toto statements in DSSE envelopes. */
const intotoPayloadType = 'application/vnd.in-toto+json';

export interface Statement {
  /** What is said about the subjects: `https://slsa.dev/provenance/v1`. */
  readonly predicateType: string;
  /** `algorithm:hex` of all digests of all subjects, in lower case. */
  readonly digests: ReadonlySet<string>;
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
  const digests = new Set<string>();
  for (const subject of subjects) {
    for (const [algorithm, hex] of Object.entries(asObject(asObject(subject)?.['digest']) ?? {})) {
      if (typeof hex === 'string') digests.add(`${algorithm}:${hex.toLowerCase()}`);
    }
  }
  return { predicateType: textOf(statement['predicateType']) ?? '', digests };
}
