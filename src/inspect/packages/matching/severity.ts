import type { Advice } from '../advisories/advice.ts';
import { cvssScore } from './cvss.ts';

/** Severity of a vulnerability; `negligible` is Debian's and Ubuntu's word for what is not worth a fix. */
export const vulnerabilitySeverities = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'] as const;
export type VulnerabilitySeverity = (typeof vulnerabilitySeverities)[number];

/** Words of vendors and databases. */
const words: Readonly<Record<string, VulnerabilitySeverity>> = {
  critical: 'critical',
  important: 'high',
  high: 'high',
  moderate: 'medium',
  medium: 'medium',
  low: 'low',
  negligible: 'negligible',
  unimportant: 'negligible',
};

export function severityRank(severity: VulnerabilitySeverity): number {
  return vulnerabilitySeverities.indexOf(severity);
}

/** What the advice says: the word of the vendor, else its score; malicious packages are critical whatever they say. */
export function severityOf({ id, urgency, severity }: Advice): VulnerabilitySeverity {
  if (id.startsWith('MAL-')) return 'critical';
  const spoken = words[urgency?.toLowerCase() ?? ''];
  if (spoken !== undefined) return spoken;
  for (const { type, score } of severity) {
    const word = words[score.toLowerCase()];
    if (word !== undefined) return word;
    const number = type === 'CVSS' ? Number(score) : cvssScore(score);
    if (number !== undefined && number >= 0) return fromScore(number);
  }
  return 'unknown';
}

/** Qualitative scale of CVSS 3.1, 5. */
function fromScore(score: number): VulnerabilitySeverity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'negligible';
}
