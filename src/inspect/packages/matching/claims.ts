import { parseIsoMicros } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Severity } from '../../../events/finding.ts';
import type { Claim } from '../../claim.ts';
import type { Vulnerability } from './vulnerabilities.ts';

/** Claims kept of one subject: the worst; the scan itself prints all. */
const maxClaims = 2000;

/**
 * What vulnerabilities say to a case: a weakness each, which joins what happened where it is exploited. The worst first, as given. `place` is where
 * the packages are: the image by its name, or the machine of a root.
 */
export function claimsOf(place: Entity, vulnerabilities: readonly Vulnerability[]): Claim[] {
  return vulnerabilities.slice(0, maxClaims).map((vulnerability) => claimOf(place, vulnerability));
}

function claimOf(place: Entity, vulnerability: Vulnerability): Claim {
  const { id, aliases, package: installed, fixed, exploitedSince, epss, published } = vulnerability;
  const severity = severityOf(vulnerability);
  const name = `${installed.name} ${installed.version}`;
  const time = published === undefined ? undefined : parseIsoMicros(published);
  return {
    detector: `advisories/${id}`,
    title: `${name} has ${id}`,
    sentence: `${place.value} holds ${name}, which has ${id}`,
    severity,
    score: scores[severity],
    path: installed.locations[0] ?? place.value,
    ...(time === undefined ? {} : { time }),
    about: [installed.purl],
    entities: [
      place,
      { kind: 'package', value: name },
      { kind: 'vulnerability', value: id },
      ...aliases
        .filter((alias) => alias.startsWith('CVE-'))
        .map((value) => ({ kind: 'vulnerability', value }) as const),
    ],
    attack: [],
    reasons: [
      { what: 'installed', value: name },
      { what: 'repaired in', value: fixed ?? 'no version of this release' },
      ...(exploitedSince === undefined ? [] : [{ what: 'known to be exploited since', value: exploitedSince }]),
      ...(epss === undefined ? [] : [{ what: 'EPSS', value: epss.toFixed(4) }]),
      ...(aliases.length === 0 ? [] : [{ what: 'also called', value: aliases.slice(0, 5).join(', ') }]),
    ],
    vanishes: fixed === undefined ? 'the package were not installed' : `${installed.name} were ${fixed} or later`,
    next:
      fixed === undefined
        ? `Do without ${installed.name}, or shield it.`
        : `Update ${installed.name} to ${fixed} and rebuild.`,
  };
}

const scores: Readonly<Record<Severity, number>> = { info: 0.1, low: 0.3, medium: 0.5, high: 0.7, critical: 0.9 };

/** One that is known to be exploited is never less than high. */
function severityOf({ severity, exploitedSince }: Vulnerability): Severity {
  if (severity === 'critical') return 'critical';
  if (exploitedSince !== undefined) return 'high';
  if (severity === 'unknown') return 'low';
  return severity === 'negligible' ? 'info' : severity;
}
