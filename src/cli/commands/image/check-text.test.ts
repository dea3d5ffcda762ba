import { describe, expect, it } from 'vitest';
import type { Report, ReportFinding } from '../../../outputs/report-schema.ts';
import { checkText } from './check-text.ts';

function finding(detector: string, severity: ReportFinding['severity'], at: number): ReportFinding {
  const seen = '2026-01-01T00:00:00.000000Z';
  const reasons = [
    { what: 'why', value: 'It matters.' },
    { what: 'reference', value: 'CIS Docker 1.6-1.8: 5.5' },
  ];
  const evidence = [{ path: '/compose.yml', at }];
  return {
    id: `f-${detector}-${at}`,
    detector,
    title: `title of ${detector}`,
    severity,
    score: 1,
    first_seen: seen,
    last_seen: seen,
    entities: [],
    attack: [],
    reasons,
    evidence,
    count: 1,
    vanishes: '',
    next: 'mend it',
    sentence: `service \u001b[2J${at} is odd`,
  };
}

function textOf(findings: readonly ReportFinding[], showAll = false, ran = ['checks/a', 'checks/b']): string {
  const report: Report = {
    schema: 'vakthund.report/1',
    case: 'x',
    evidence: [],
    incidents: [],
    findings: [...findings],
    problems: [],
    not_checked: [{ what: 'audit rules', why: 'no list' }],
    span: null,
    ran,
  };
  return [...checkText(report, { width: 80, color: false, showAll })].join('');
}

describe('the text of checks', () => {
  it('tells each check once, the worst first, with its places, reason, remedy and reference', () => {
    expect(textOf([finding('checks/b', 'high', 2), finding('checks/a', 'high', 1), finding('checks/b', 'high', 3)]))
      .toBe(`high     title of checks/a (checks/a)
         - service \\x1b[2J1 is odd: /compose.yml:1
         why: It matters.
         fix: mend it
         see: CIS Docker 1.6-1.8: 5.5

high     title of checks/b (checks/b)
         - service \\x1b[2J2 is odd: /compose.yml:2
         - service \\x1b[2J3 is odd: /compose.yml:3
         why: It matters.
         fix: mend it
         see: CIS Docker 1.6-1.8: 5.5

Not checked
  audit rules: no list

3 high, by 2 checks
`);
  });

  it('counts what is below medium, and all but the first places, unless all are asked for', () => {
    const many = Array.from({ length: 9 }, (_none, index) => finding('checks/a', 'medium', index + 1));
    const short = textOf([...many, finding('checks/b', 'low', 1)]);
    expect(short).toContain('- and 4 more: --all');
    expect(short).toContain('1 finding below medium');
    expect(short).not.toContain('checks/b (');
    expect(textOf([...many, finding('checks/b', 'low', 1)], true)).toContain('title of checks/b (checks/b)');
  });
  it('never tell that nothing was found where nothing was checked', () => {
    expect(textOf([], false, [])).toContain('Nothing was checked');
    expect(textOf([], false, [])).not.toContain('Nothing found');
  });
});
