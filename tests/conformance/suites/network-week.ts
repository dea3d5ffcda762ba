import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentLogger } from '../../../src/base/logger.ts';
import { openLocalCase } from '../../../src/case/local-case.ts';
import { defaultCaseSettings } from '../../../src/case/case-settings.ts';
import type { Verdict } from '../../../src/case/service.ts';
import { writeSuppressions } from '../../../src/case/suppressions.ts';
import { severityRank } from '../../../src/events/finding.ts';
import type { Incident } from '../../../src/events/incident.ts';
import type { Evidence } from '../../../tools/samples/model/evidence.ts';
import { sampleSeed } from '../../../tools/samples/model/scene.ts';
import { scanner } from '../../../tools/week/behaviours/permitted-scan.ts';
import { microsPerDay, weekDays, weekEnd, weekStart } from '../../../tools/week/calendar.ts';
import { zeekWeek } from '../../../tools/week/files.ts';
import { planted, playPlanted } from '../../../tools/week/planted/all.ts';
import type { Planted } from '../../../tools/week/planted/planted.ts';
import { shapes, type Shape, type ShapeName } from '../../../tools/week/shapes.ts';
import { playWeek } from '../../../tools/week/week.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/** Incidents of medium or more that an ordinary day may have. */
const mostADay = 2;
const now = weekEnd + microsPerDay;

/**
 * Weeks that are played: that of the samples, and one that no threshold was chosen by. `VAKTHUND_WEEKS` names others, between commas, each a
 * seed or `SEED/SHAPE` for another company (`tools/week/shapes.ts`).
 */
const weeks = (process.env['VAKTHUND_WEEKS'] ?? `${sampleSeed},heath-2026`).split(',');

/**
 * Weeks of a company that are made here (`tools/week`), and the same with one planted behaviour at a time: ordinary days are
 * nearly quiet, and what was planted is told first. Needs no corpus.
 */
export const suite: Suite = {
  id: 'network/week',
  async run(): Promise<SuiteResult> {
    const failed: SuiteFailure[] = [];
    const figures: Record<string, number> = {};
    for (const week of weeks) {
      const { ordinary, failures } = await judgeWeek(week);
      failed.push(...failures.map((failure) => ({ ...failure, case: `${week}: ${failure.case}` })));
      for (const [what, value] of Object.entries(figuresOf(ordinary))) figures[`${week}: ${what}`] = value;
    }
    const total = weeks.reduce((sum, week) => sum + weekDays.length + 1 + plantedIn(companyOf(week).shape).length, 0);
    return { total, passed: total - failed.length, skipped: 0, failed, figures };
  },
};

async function judgeWeek(week: string): Promise<{ readonly ordinary: Verdict; readonly failures: SuiteFailure[] }> {
  const { seed, name: company, shape } = companyOf(week);
  const scratch = mkdtempSync(join(tmpdir(), 'vakthund-week-'));
  try {
    const logs = writeLogs(join(scratch, 'week'), playWeek(seed, company));
    const folder = join(scratch, 'case');
    permitScanner(folder);
    const ordinary = await judge(folder, logs, []);
    const failures = judgeOrdinary(ordinary);
    for (const [name, one] of plantedIn(shape)) {
      const own = join(scratch, `case-${name}`);
      cpSync(folder, own, { recursive: true });
      const verdict = await judge(own, writeLogs(join(scratch, name), playPlanted(name, one, seed, company)), [
        'rules',
      ]);
      const entities = one.entities.map((value) => shape.addressOf?.(value) ?? value);
      failures.push(...judgePlanted(name, { ...one, entities }, verdict));
      rmSync(own, { recursive: true });
    }
    return { ordinary, failures };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What `SEED` or `SEED/SHAPE` names. */
function companyOf(week: string): { readonly seed: string; readonly name: ShapeName; readonly shape: Shape } {
  const [seed = '', name = 'office'] = week.split('/');
  if (!Object.hasOwn(shapes, name)) {
    throw new RangeError(`VAKTHUND_WEEKS: no company "${name}"; known are ${Object.keys(shapes).join(', ')}`);
  }
  return { seed, name: name as ShapeName, shape: shapes[name as ShapeName] };
}

/** The planted behaviours that a sensor there can see. */
function plantedIn({ hides = [] }: Shape): readonly (readonly [name: string, one: Planted])[] {
  return Object.entries(planted).filter(([name]) => !hides.includes(name));
}

function writeLogs(folder: string, evidence: Evidence): string {
  for (const [path, text] of zeekWeek(evidence)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function permitScanner(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const reason = 'looks for weaknesses with permission, each Wednesday';
  const entry = {
    id: 'scanner',
    detector: 'analytics/scan',
    from: scanner.ip,
    reason,
    author: 'nora',
    created: '2026-03-02',
  };
  writeSuppressions(folder, [entry]);
}

/** Rules tell nothing of connections that the analytics do not: they are run once, over the ordinary week. */
async function judge(folder: string, logs: string, skip: readonly string[]): Promise<Verdict> {
  const opened = await openLocalCase({ folder, settings: defaultCaseSettings, logger: silentLogger, now: () => now });
  try {
    return await opened.investigate({ paths: [logs], only: [], skip, indicators: [], rules: [] }, {});
  } finally {
    await opened.close();
  }
}

function isGrave(incident: Incident, from: 'medium' | 'high'): boolean {
  return severityRank(incident.severity) >= severityRank(from);
}

function judgeOrdinary({ incidents }: Verdict): SuiteFailure[] {
  const high = incidents.filter((incident) => isGrave(incident, 'high'));
  const days = weekDays.map((day, index) => {
    const from = weekStart + index * microsPerDay;
    const ofDay = incidents.filter(
      (incident) =>
        isGrave(incident, 'medium') && incident.first_seen >= from && incident.first_seen < from + microsPerDay,
    );
    return { day, ofDay };
  });
  const titles = (list: readonly Incident[]): string => list.map(({ title, risk }) => `${risk} ${title}`).join('; ');
  return [
    ...(high.length === 0 ? [] : [{ case: 'ordinary week: severity', got: titles(high), want: 'nothing high' }]),
    ...days
      .filter(({ ofDay }) => ofDay.length > mostADay)
      .map(({ day, ofDay }) => ({
        case: `ordinary ${day}`,
        got: titles(ofDay),
        want: `at most ${mostADay} incidents`,
      })),
  ];
}

function judgePlanted(
  name: string,
  { detectors, entities }: Planted,
  { incidents, findings }: Verdict,
): SuiteFailure[] {
  const [first] = incidents;
  const values = first?.entities.map(({ value }) => value) ?? [];
  const isAbout = entities.every((value) => values.some((known) => known === value || known.endsWith(`.${value}`)));
  const tellers = findings.filter(({ id }) => first?.findings.includes(id) === true).map(({ detector }) => detector);
  if (isAbout && detectors.some((detector) => tellers.includes(detector))) return [];
  const want = `first an incident of ${detectors.join(' or ')} about ${entities.join(', ')}`;
  return [{ case: `planted ${name}`, got: first === undefined ? 'no incident' : `${first.risk} ${first.title}`, want }];
}

function figuresOf({ incidents, findings, evidence }: Verdict): Record<string, number> {
  const events = evidence.flatMap((row) => Object.values(row.events)).reduce((sum, count) => sum + count, 0);
  return {
    events,
    'incidents of medium or more': incidents.filter((incident) => isGrave(incident, 'medium')).length,
    'findings of medium or more': findings.filter(({ severity }) => severityRank(severity) >= severityRank('medium'))
      .length,
  };
}
