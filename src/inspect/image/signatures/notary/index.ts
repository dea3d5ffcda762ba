import { judgeAnnotations } from '../_checks/annotations.ts';
import { CheckList } from '../_checks/checks.ts';
import {
  defineSignatureScheme,
  type CheckName,
  type SignatureVerdict,
  type SignedSubject,
  type Trust,
} from '../../signature-scheme.ts';
import { verifyRepository, type Target, type VerifiedRepository } from './repository.ts';

const needed: readonly CheckName[] = ['format', 'root', 'signature', 'chain', 'digest', 'expiry'];

export const scheme = defineSignatureScheme({
  id: 'notary',
  title: 'Docker Content Trust (Notary v1)',
  description:
    'Metadata that `docker trust` and the Notary server kept for a repository, from a folder (`~/.docker/trust/tuf/NAME`). Checked are signatures and thresholds of root, timestamp, snapshot, targets and delegations, key ids, that the files belong together, expiry, that the root was signed by a pinned one or has a pinned certificate, and that the tag was signed with this digest. The service is being retired: signatures of official images run out since August 2025, Docker Hub stops serving them on 8 December 2026, and Azure removes them on 31 March 2028. Whether the metadata are the newest is not asked.',
  references: [
    'https://github.com/notaryproject/notary',
    'https://theupdateframework.github.io/specification/v1.0.33/',
    'https://docs.docker.com/engine/security/trust/',
  ],
  guide: ['C12', 'C13'],
  trustedBy: '--content-trust, and --trusted-root or --root-certificate to pin its root',
  isTrusted: ({ contentTrust }) => contentTrust !== undefined,
  owns: () => false,
  verify: ({ subject, trust }) => Promise.resolve(trust.contentTrust === undefined ? [] : [judge(subject, trust)]),
});

const retired =
  'Docker Content Trust is being retired: signatures of official images run out since August 2025, Docker Hub stops serving them on 8 December 2026, Azure on 31 March 2028. Sign with cosign or Notation.';

function judge(subject: SignedSubject, trust: Trust): SignatureVerdict {
  const checks = new CheckList();
  judgeAnnotations(undefined, trust, checks);
  const repository = verifyRepository(trust, checks);
  if (repository !== undefined) {
    judgeName(repository, subject, trust, checks);
    judgeTarget(repository.targets, subject, checks);
  }
  return {
    scheme: 'notary',
    form: 'Docker Content Trust (Notary v1)',
    at: 'root, timestamp, snapshot and targets',
    isValid: checks.isValid(needed),
    ...(repository === undefined ? {} : { signer: `root key ${repository.rootKeys.map(({ id }) => id).join(', ')}` }),
    checks: checks.list(),
    note: retired,
  };
}

/** The certificate of a root key has the name of the repository as its common name. */
function judgeName(
  { rootKeys }: VerifiedRepository,
  { repository }: SignedSubject,
  { signedFor }: Trust,
  checks: CheckList,
): void {
  const names = rootKeys.flatMap(
    ({ certificate }) => /^CN=(?<name>.*)$/m.exec(certificate?.subject ?? '')?.groups?.['name'] ?? [],
  );
  const wanted = signedFor ?? repository;
  const said = names.join(', ');
  if (names.length === 0) checks.notChecked('reference', 'the root keys have no certificate with a name');
  else if (wanted === undefined) {
    checks.notChecked('reference', `signed for ${said}; where the image came from is not known`);
  } else checks.require('reference', names.includes(wanted), said, `signed for ${said}, and not for ${wanted}`);
}

function judgeTarget(targets: readonly Target[], subject: SignedSubject, checks: CheckList): void {
  const { tag, digest, bytes } = subject;
  const target =
    tag === undefined ? targets.find((one) => one.digest === digest) : targets.find(({ name }) => name === tag);
  if (target === undefined) {
    checks.failed(
      'digest',
      tag === undefined
        ? `none of ${targets.length} targets has this digest`
        : `the tag ${JSON.stringify(tag)} was not signed`,
    );
    return;
  }
  const isSame = target.digest === digest && (bytes === undefined || bytes.length === target.length);
  const said = `${target.name} in ${target.role} is ${target.digest}`;
  checks.require('digest', isSame, said, `${said}, and not ${digest}`);
}
