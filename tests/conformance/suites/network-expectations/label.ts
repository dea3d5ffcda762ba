import { severityRank, type Finding, type Severity } from '../../../../src/events/finding.ts';

/** What the words of a label ask for; the first that fits counts. Words that ask for nothing special want any finding. */
const detectors: readonly (readonly [words: RegExp, ids: readonly string[]])[] = [
  [/iodine|dnscat|dns ?exfiltrator|dns tunnel/iu, ['analytics/dns-tunnel']],
  [/\bscan\b/iu, ['analytics/scan']],
  [/log4shell|jndi|sql injection/iu, ['analytics/exploit-string']],
];

export interface Judgement {
  readonly isRight: boolean;
  readonly got: string;
  readonly want: string;
}

/**
 * Holds findings to a label such as `malicious: iodine DNS tunnel (domain pirate.sea)`. Malicious traffic needs a finding,
 * low or above, of the detector that the words name; benign traffic none at medium or above. Other labels (policy) are
 * matters of the house, and undefined.
 */
export function judgeLabel(label: string, findings: readonly Finding[]): Judgement | undefined {
  if (label.startsWith('benign')) {
    const loud = findings.filter((finding) => isAtLeast(finding, 'medium'));
    return { isRight: loud.length === 0, got: titles(loud), want: 'no finding at medium or above' };
  }
  if (!label.startsWith('malicious')) return undefined;
  const [, ids] = detectors.find(([words]) => words.test(label)) ?? [];
  const fitting = findings.filter(
    (finding) => isAtLeast(finding, 'low') && (ids === undefined || ids.includes(finding.detector)),
  );
  return {
    isRight: fitting.length > 0,
    got: titles(findings),
    want: `a finding of ${ids?.join(' or ') ?? 'any detector'}, low or above`,
  };
}

function isAtLeast(finding: Finding, severity: Severity): boolean {
  return severityRank(finding.severity) >= severityRank(severity);
}

function titles(findings: readonly Finding[]): string {
  return findings.length === 0
    ? 'none'
    : findings
        .slice(0, 3)
        .map((finding) => finding.title)
        .join(', ');
}
