import { microsPerDay, parseIsoMicros, type Micros } from '../../../base/time.ts';
import type { AdvisoryBook } from '../../packages/advisories/book.ts';
import { assess, type Assessment } from '../../packages/matching/assess.ts';
import { severityRank } from '../../packages/matching/severity.ts';
import { whyEnded } from '../../packages/matching/support.ts';
import { packagesOf } from '../index-store/describe-image.ts';
import { findPackages, parsePackageQuery } from '../index-store/find-package.ts';
import { describeUse, type ImageUse, type IndexedImage } from '../index-store/record.ts';
import { familiarName } from '../reference.ts';
import type { ImagePolicy, PolicyRule } from './policy.ts';

/** One rule that an image does not keep. */
export interface PolicyFault {
  readonly rule: PolicyRule;
  readonly detail: string;
  /** What to do about it. */
  readonly fix: string;
}

export interface PolicyVerdict {
  readonly image: IndexedImage;
  /** `unknown`: nothing is wrong, and something could not be judged. */
  readonly state: 'allowed' | 'refused' | 'unknown';
  readonly faults: readonly PolicyFault[];
  /** Faults that an exception of the policy excuses, with its reason. */
  readonly excused: readonly (PolicyFault & { readonly reason: string; readonly until: string })[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
}

export interface PolicyContext {
  readonly policy: ImagePolicy;
  /** Digest of what the policy trusts, as signatures in the index name it. */
  readonly trust: string | undefined;
  /** Undefined when no rule needs advisories. */
  readonly book: AdvisoryBook | undefined;
  readonly now: Micros;
}

type Found = PolicyFault | { readonly what: string; readonly why: string };

/** Holds an image of the index, and who uses it, against the policy. */
export function judgeImage(image: IndexedImage, uses: readonly ImageUse[], context: PolicyContext): PolicyVerdict {
  const { policy, now } = context;
  const found: Found[] = [
    ...judgeName(image, policy),
    ...judgeUses(uses, policy),
    ...judgeSignature(image, context),
    ...judgePackages(image, context),
    ...judgeSupport(image, context),
    ...judgeAge(image, policy, now),
    ...judgeUser(image, policy),
  ];
  const today = new Date(now / 1000).toISOString().slice(0, 10);
  const exceptions = policy.exceptions.filter(({ until, image: name }) => until >= today && hasName(image, name));
  const faults = found.filter((one) => 'rule' in one);
  const excused = faults.flatMap((fault) => {
    const exception = exceptions.find(({ rules }) => rules.includes(fault.rule));
    return exception === undefined ? [] : [{ ...fault, reason: exception.reason, until: exception.until }];
  });
  const left = faults.filter(({ rule }) => !excused.some((one) => one.rule === rule));
  const notChecked = found.filter((one) => 'what' in one);
  return { image, state: stateOf(left, notChecked), faults: left, excused, notChecked };
}

function stateOf(faults: readonly unknown[], notChecked: readonly unknown[]): PolicyVerdict['state'] {
  if (faults.length > 0) return 'refused';
  return notChecked.length > 0 ? 'unknown' : 'allowed';
}

/** Whether a name in full stands below a beginning of names: whole parts, tag or digest. */
export function isBelow(name: string, beginning: string): boolean {
  const start = beginning.replace(/\/$/, '');
  return name === start || ['/', ':', '@'].some((divider) => name.startsWith(start + divider));
}

function hasName({ names, digest }: IndexedImage, wanted: string): boolean {
  const full = familiarName(wanted);
  return names.some((name) => isBelow(name, wanted) || name === full) || (digest !== undefined && wanted === digest);
}

function judgeName({ names }: IndexedImage, { registries }: ImagePolicy): Found[] {
  if (registries === undefined) return [];
  const fix = `take it from ${registries.join(', ')}, or push it there`;
  if (names.length === 0) {
    return [{ what: 'registries', why: 'the image has no name in a registry: it was read from a file' }];
  }
  const strange = names.filter((name) => !registries.some((one) => isBelow(name, one)));
  return strange.map((name) => ({ rule: 'registries', detail: `${name} is from no registry that is allowed`, fix }));
}

function judgeUses(uses: readonly ImageUse[], { pinned }: ImagePolicy): Found[] {
  const written = pinned ? uses.filter(({ running }) => running === undefined) : [];
  const loose = written.filter(({ reference }) => !/@sha256:[0-9a-f]{64}$/.test(reference));
  return loose.map((use) => ({
    rule: 'pinned',
    detail: `${describeUse(use)} names ${use.reference}, which may be another image tomorrow`,
    fix: 'name the digest: image@sha256:…',
  }));
}

function judgeSignature({ signature }: IndexedImage, { policy, trust }: PolicyContext): Found[] {
  if (policy.signed === undefined) return [];
  const unknown = (why: string): Found[] => [{ what: 'signature', why }];
  if (signature === undefined) return unknown('it was not asked for: image index add --policy FILE --refresh');
  if (signature.trust !== trust) return unknown('another policy was asked: image index add --policy FILE --refresh');
  if (signature.state === 'unreadable') return unknown(signature.detail);
  if (signature.state === 'valid') return [];
  const fix = 'sign it, or find out who built it: vakthund image verify tells every check';
  const detail = signature.state === 'missing' ? 'it is not signed by anybody trusted' : signature.detail;
  return [{ rule: 'signed', detail, fix }];
}

function judgePackages(image: IndexedImage, { policy, book, now }: PolicyContext): Found[] {
  const found: Found[] = [];
  for (const query of policy.forbidden_packages) {
    for (const { found: one } of findPackages([image], parsePackageQuery(query))) {
      const detail = `${one.name} ${one.version} in ${one.path} is ${query}`;
      found.push({ rule: 'forbidden_packages', detail, fix: 'leave it out or update it' });
    }
  }
  if (policy.vulnerabilities === undefined || book === undefined) return found;
  const { vulnerabilities, notChecked } = assessIndexed(image, book, now);
  return [...found, ...worstOf(vulnerabilities, policy.vulnerabilities), ...notChecked.filter(isGap)];
}

/** Vulnerabilities of an image as the index knows it, by the advisories of today. */
export function assessIndexed(image: IndexedImage, book: AdvisoryBook, now: Micros): Assessment {
  const subject = {
    name: image.names[0] ?? image.id,
    packages: packagesOf(image),
    distribution: image.distribution,
  };
  return assess(subject, book, { today: new Date(now / 1000).toISOString().slice(0, 10), vex: [], ignores: [] });
}

/** What packages nothing is known of; the other remarks are no reason to doubt a verdict. */
export function isGap({ why }: { readonly why: string }): boolean {
  return why === 'no advisories for them are loaded' || why === 'no packages were found';
}

type Limits = NonNullable<ImagePolicy['vulnerabilities']>;

function worstOf(vulnerabilities: Assessment['vulnerabilities'], limits: Limits): Found[] {
  const reaches = (one: Assessment['vulnerabilities'][number], limit: Limits['any']): boolean =>
    limit !== undefined && severityRank(one.severity) >= severityRank(limit);
  return vulnerabilities.flatMap((one) => {
    const { id, severity, fixed, fixState, exploitedSince, package: pkg } = one;
    const why = [
      ...(limits.exploited && exploitedSince !== undefined ? [`exploited since ${exploitedSince}`] : []),
      ...(fixState === 'fixed' && reaches(one, limits.fixable) ? [`${severity}, and there is a fix`] : []),
      ...(reaches(one, limits.any) ? [severity] : []),
    ];
    if (why[0] === undefined) return [];
    const fix = fixed === undefined ? 'replace the package: nothing repairs it' : `update it to ${fixed}`;
    return [{ rule: 'vulnerabilities' as const, detail: `${id} in ${pkg.name} ${pkg.version}: ${why[0]}`, fix }];
  });
}

function judgeSupport({ distribution }: IndexedImage, { policy, book, now }: PolicyContext): Found[] {
  if (!policy.supported || book === undefined || distribution === undefined) return [];
  const ended = whyEnded(distribution, book, new Date(now / 1000).toISOString().slice(0, 10));
  if (ended === undefined) return [{ what: 'support', why: `the end of ${distribution.prettyName} is not known` }];
  const fix = 'build it on a release that still gets repairs';
  return ended === false ? [] : [{ rule: 'supported', detail: `${distribution.prettyName}: ${ended}`, fix }];
}

function judgeAge({ created }: IndexedImage, { max_age_days: limit }: ImagePolicy, now: Micros): Found[] {
  if (limit === undefined) return [];
  const time = parseIsoMicros(created ?? '');
  // Reproducible builds write the first second of 1970.
  if (time === undefined || time < microsPerDay) {
    return [{ what: 'age', why: 'the image does not say when it was made' }];
  }
  const days = Math.floor((now - time) / microsPerDay);
  const detail = `it was made ${days} days ago; the limit is ${limit}`;
  return days > limit ? [{ rule: 'max_age_days', detail, fix: 'build it anew, with the updates since then' }] : [];
}

function judgeUser({ user }: IndexedImage, { non_root }: ImagePolicy): Found[] {
  const isRoot = /^(?:root|0)?(?::.*)?$/.test(user);
  const detail = user === '' ? 'no user is set: it runs as root' : `it runs as ${user}`;
  return non_root && isRoot ? [{ rule: 'non_root', detail, fix: 'USER with a number above 0 in its Dockerfile' }] : [];
}
