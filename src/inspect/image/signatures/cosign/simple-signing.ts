import { judgeAnnotations } from '../_checks/annotations.ts';
import type { CheckList } from '../_checks/checks.ts';
import { asObject, readJsonObject } from '../_checks/json.ts';
import { repositoryOf } from '../_checks/repository-name.ts';
import { textOf } from '../../json.ts';
import type { SignedSubject, Trust } from '../../signature-scheme.ts';

const payloadType = 'cosign container image signature';

/** Judges what a payload in the form of containers' simple signing says: its type, the digest, the repository, and annotations. */
export function judgePayload(payload: Buffer, subject: SignedSubject, trust: Trust, checks: CheckList): void {
  const said = readJsonObject(payload);
  const critical = asObject(said?.['critical']);
  if (critical === undefined) {
    checks.failed('format', 'the payload is no simple signing payload');
    return;
  }
  const type = textOf(critical['type']) ?? '';
  checks.require('format', type === payloadType, type, `the payload has the type ${JSON.stringify(type)}`);
  const digest = textOf(asObject(critical['image'])?.['docker-manifest-digest']) ?? '';
  checks.require('digest', digest === subject.digest, digest, `signed was ${digest}, and this is ${subject.digest}`);
  judgeReference(textOf(asObject(critical['identity'])?.['docker-reference']) ?? '', subject, trust, checks);
  judgeAnnotations(said?.['optional'], trust, checks);
}

function judgeReference(name: string, { repository }: SignedSubject, { signedFor }: Trust, checks: CheckList): void {
  const named = repositoryOf(name);
  if (signedFor !== undefined) {
    checks.require(
      'reference',
      named === repositoryOf(signedFor),
      name,
      `signed for ${name}, and wanted is ${signedFor}`,
    );
  } else if (repository === undefined) {
    checks.notChecked('reference', `signed for ${name}; where it came from is not known`);
  } else if (named === repositoryOf(repository)) checks.passed('reference', name);
  else {
    checks.warned(
      'reference',
      `signed for ${name}, and it came from ${repository}: a mirror, or somebody else's image`,
    );
  }
}
