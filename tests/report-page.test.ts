import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import type { Series } from '../src/events/finding.ts';
import { output } from '../src/outputs/formats/html/index.ts';
import { buildReport, type ReportInput } from '../src/outputs/report.ts';
import { variedVerdict } from '../src/outputs/testdata/varied-verdict.ts';
import { chromium, withPage } from './support/chromium.ts';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly targets: readonly string[];
}

const strip = (title: string, unit: string): Series => ({
  title,
  unit,
  bins: Array.from({ length: 24 }, (_none, hour) => ({ label: `${hour} h`, value: (hour * 7) % 13 })),
});
/** The sample with charts, a suppressed finding, and every section of the page. */
const verdict: ReportInput = {
  ...variedVerdict,
  incidents: variedVerdict.incidents.map((incident) => ({
    ...incident,
    title: `${incident.title} ${'w'.repeat(3000)}`,
  })),
  findings: variedVerdict.findings.map((finding) => ({
    ...finding,
    title: `${finding.title} ${'w'.repeat(3000)}`,
    series: [strip('Calls by hour of the day, UTC', 'calls'), strip('Bytes sent by day, UTC', 'bytes')],
  })),
  suppressed: variedVerdict.findings.slice(0, 1).map((finding) => ({
    finding,
    by: { id: 's-1', reason: 'a known poller', author: 'nora', expires: '2027-01-01' },
  })),
};

interface Audit {
  readonly violations: readonly Violation[];
  /** Rules that had something to look at and were content. */
  readonly passes: number;
}

async function audit(evaluate: (expression: string) => Promise<unknown>): Promise<Audit> {
  await evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = true; }); ${axe.source}; 0`);
  const found = await evaluate(
    `axe.run().then(({ violations, passes }) => JSON.stringify({ passes: passes.length, violations: violations.map(({ id, impact, nodes }) => ({ id, impact, targets: nodes.map(({ target }) => String(target)) })) }))`,
  );
  return JSON.parse(String(found)) as Audit;
}

describe.skipIf(chromium === undefined)('the HTML report in a browser', () => {
  it('asks for nothing, runs nothing, and can be read by everybody, in light and in dark', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-page-'));
    try {
      const file = join(folder, 'report.html');
      const options = { width: 100, color: false, showAll: true };
      writeFileSync(file, [...output.render(buildReport(verdict), options)].join(''));
      const url = pathToFileURL(file).href;
      await withPage(chromium ?? '', async (page) => {
        await page.open(url);
        expect(await page.evaluate(`document.querySelectorAll('svg').length`)).toBeGreaterThan(4);
        expect(await page.evaluate(`document.scripts.length`)).toBe(0);
        const width = `document.documentElement.scrollWidth - document.documentElement.clientWidth`;
        expect(await page.evaluate(width)).toBeLessThanOrEqual(0);
        for (const scheme of ['light', 'dark'] as const) {
          await page.colorScheme(scheme);
          const { violations, passes } = await audit((expression) => page.evaluate(expression));
          expect(passes).toBeGreaterThan(10);
          expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
        }
        const grounds = new Set<unknown>();
        for (const scheme of ['light', 'dark'] as const) {
          await page.colorScheme(scheme);
          grounds.add(await page.evaluate(`getComputedStyle(document.body).backgroundColor`));
        }
        expect(grounds.size).toBe(2);
        expect(page.requests.filter((request) => request !== url)).toEqual([]);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
