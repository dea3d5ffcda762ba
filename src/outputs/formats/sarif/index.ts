import type { Severity } from '../../../events/finding.ts';
import { defineOutput } from '../../output.ts';
import type { Report, ReportFinding } from '../../report-schema.ts';
import { visibleJson } from '../../visible-text.ts';

export const output = defineOutput({
  id: 'sarif',
  title: 'SARIF 2.1.0',
  description:
    'For build servers and code hosts: each finding as a result at its file and line, each detector as a rule. A finding keeps its id over runs, so that a code host sees what is new. Incidents, and what was not checked, are left out; what could not be read stands among the notifications.',
  references: ['https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html'],
  mediaType: 'application/sarif+json',
  extension: 'sarif',
  render: (report) => documentOf(report),
});

function* documentOf(report: Report): Generator<string> {
  const rules = [...new Set(report.findings.map(({ detector }) => detector))].sort();
  const tool = { driver: { name: 'Vakthund', rules: rules.map((id) => ruleOf(id, report)) } };
  const invocations = [
    {
      executionSuccessful: true,
      toolExecutionNotifications: report.problems.map(({ code, at, message }) => ({
        level: 'warning',
        descriptor: { id: code },
        message: { text: `${at}: ${message}` },
      })),
    },
  ];
  const head = JSON.stringify({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool, invocations, results: [] }],
  });
  const end = ']}]}';
  yield visibleJson(head.slice(0, -end.length));
  for (const [index, finding] of report.findings.entries()) {
    const result = resultOf(finding, rules.indexOf(finding.detector));
    yield `${index === 0 ? '' : ','}\n${visibleJson(JSON.stringify(result))}`;
  }
  yield `\n${end}\n`;
}

const levels: Readonly<Record<Severity, string>> = {
  info: 'note',
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};
/** Scores of code hosts: 9 and over is critical, 7 high, 4 medium. */
const ratings: Readonly<Record<Severity, string>> = {
  info: '0.0',
  low: '2.0',
  medium: '5.0',
  high: '8.0',
  critical: '9.5',
};

function ruleOf(id: string, { findings }: Report): unknown {
  const [first] = findings.filter(({ detector }) => detector === id);
  return {
    id,
    name: id,
    shortDescription: { text: first?.title ?? id },
    fullDescription: { text: reasonOf(first, 'why') ?? first?.title ?? id },
    help: { text: first?.next ?? '' },
    properties: {
      tags: ['security', ...(first?.attack ?? [])],
      'security-severity': ratings[first?.severity ?? 'info'],
    },
  };
}

function resultOf(finding: ReportFinding, ruleIndex: number): unknown {
  const { id, detector, title, sentence, severity, score, evidence, next, reasons } = finding;
  return {
    ruleId: detector,
    ruleIndex,
    level: levels[severity],
    message: { text: `${sentence ?? title}. ${next}` },
    locations: evidence.map(({ path, at }) => ({
      physicalLocation: {
        artifactLocation: { uri: encodeURI(path.toWellFormed().replace(/^\//, '')) },
        ...(at > 0 ? { region: { startLine: at } } : {}),
      },
    })),
    partialFingerprints: { 'vakthund/finding': id },
    properties: { severity, score, 'security-severity': ratings[severity], reasons },
  };
}

function reasonOf(finding: ReportFinding | undefined, what: string): string | undefined {
  return finding?.reasons.find((reason) => reason.what === what)?.value;
}
