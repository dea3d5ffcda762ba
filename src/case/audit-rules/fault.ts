import type { Severity } from '../../events/finding.ts';
import type { Claim } from '../../inspect/claim.ts';

/** What is wrong with a rule, with a file of rules, or with the audit as a whole. */
export interface RuleFault {
  /** Last part of the detector's id. */
  readonly check: string;
  readonly severity: Severity;
  /** File, or `kernel` for what is loaded. */
  readonly path: string;
  readonly line?: number;
  /** The rule or setting that is meant. */
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

const scores: Readonly<Record<Severity, number>> = { info: 0.1, low: 0.3, medium: 0.5, high: 0.7, critical: 0.9 };

/** Of the `audit-rules` family: what does not watch although somebody believes so. */
export function claimOfFault(fault: RuleFault, host: string | undefined): Claim {
  const { check, severity, path, line, what, why, fix } = fault;
  return {
    detector: `audit-rules/${check}`,
    title: titles[check] ?? check,
    sentence: `\`${what}\` ${why}`,
    severity,
    score: scores[severity],
    path,
    ...(line === undefined ? {} : { line }),
    about: [what],
    entities: host === undefined ? [] : [{ kind: 'host', value: host }],
    attack: ['T1562.012'],
    reasons: [{ what: 'rule', value: what }],
    vanishes: 'the rule were loaded and saw what it is meant to see',
    next: fix,
  };
}

/** Every check, with what it finds. */
export const titles: Readonly<Record<string, string>> = {
  'refused-line': 'audit rule that is refused',
  'stops-loading': 'audit rules that are not loaded after an error',
  'missing-path': 'audit rule for a path that is not there',
  'symbolic-link': 'audit watch on a symbolic link',
  wildcard: 'audit watch with a wildcard that is none',
  'no-key': 'audit rule without a key',
  'no-architecture': 'audit rule for one architecture of two',
  shadowed: 'audit rule that an earlier one hides',
  duplicate: 'audit rule that stands there twice',
  'all-off': 'audit rule that switches the audit off',
  'not-loaded': 'audit rule that is not loaded',
  'not-in-files': 'audit rule that stands in no file',
  'not-recursive': 'audit watch of a folder that does not see what is below it',
  'switched-off': 'audit that is switched off',
  lost: 'audit that lost records',
  bounds: 'audit with bounds that lose records',
  'does-not-fire': 'audit watch that does not fire',
};
