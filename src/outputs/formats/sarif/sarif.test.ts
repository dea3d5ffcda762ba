import { describe, expect, it } from 'vitest';
import { buildReport } from '../../report.ts';
import { emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { output } from './index.ts';

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly object[];
    }[];
  }[];
}

function sarifOf(verdict: Parameters<typeof buildReport>[0]): Sarif {
  const text = [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
  return JSON.parse(text) as Sarif;
}

describe('SARIF', () => {
  it('has a rule for each detector and a result for each finding', () => {
    const [run] = sarifOf(sampleVerdict).runs;
    const rules = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(run?.results).toHaveLength(sampleVerdict.findings.length);
    expect(rules).toEqual([...new Set(sampleVerdict.findings.map(({ detector }) => detector))].sort());
    for (const { ruleId, ruleIndex, level, message } of run?.results ?? []) {
      expect(rules[ruleIndex]).toBe(ruleId);
      expect(['note', 'warning', 'error']).toContain(level);
      expect(message.text).not.toBe('');
    }
    expect(run?.invocations[0]?.toolExecutionNotifications).toHaveLength(sampleVerdict.problems.length);
  });

  it('takes any path for what it is, half a character too', () => {
    const [run] = sarifOf(withTexts(sampleVerdict, '/a b\ud800')).runs;
    expect(run?.results[0]?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'a%20b%EF%BF%BD' } },
    });
  });

  it('without findings is a document too', () => {
    expect(sarifOf(emptyVerdict)).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] });
  });
});
