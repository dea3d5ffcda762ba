import { existsSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { judgeInspection } from '../../../case/inspection.ts';
import { readIndicatorLists, type ReadList, type ReadLists } from '../../../case/indicator-lists.ts';
import { joinVerdicts } from '../../../case/join-verdicts.ts';
import type { Verdict } from '../../../case/service.ts';
import { defaultOpenLimits } from '../../../collect/open/limits.ts';
import type { Inspection } from '../../../inspect/claim.ts';
import { sweepTree, type SweepOptions } from '../../../inspect/host/sweep/sweep.ts';
import { readYaraFiles } from '../../../match/yara/rule-files.ts';
import { countAtOrOver } from '../../../outputs/exit-code.ts';
import type { ExitCode } from '../../command.ts';
import { settingsOf, withCase } from '../../context.ts';
import type { InspectionOptions } from '../../print-inspection.ts';
import { printVerdict } from '../../print-verdict.ts';
import { createProgress } from '../../progress.ts';
import type { Terminal } from '../../terminal.ts';
import { openSubjects, type SubjectOptions } from './subjects.ts';

export interface SweepCommandOptions extends InspectionOptions, SubjectOptions {
  readonly ioc: readonly string[];
  readonly yara: readonly string[];
  /** After which what was not looked at is told. */
  readonly seconds: number;
}

/**
 * Asks lists and rules of YARA about machines, roots, images and bundles, and the lists about everything that the case holds, at once:
 * one verdict.
 */
export async function sweep(options: SweepCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const lists = await readLists(options);
  const yara = await readYaraFiles(options.yara);
  for (const list of lists?.lists ?? []) terminal.talk(`${listLine(list)}\n`);
  const more = {
    problems: [...(lists?.problems ?? []), ...yara.problems],
    notChecked: [...(lists?.lists ?? []).flatMap(expiredIn), ...yara.notChecked],
  };
  const asked = {
    ...(lists === undefined ? {} : { matcher: lists.matcher }),
    ...(yara.rules === undefined ? {} : { yara: yara.rules }),
  };
  const inspections = await sweepSubjects(asked, options, terminal);
  const told = inspections.map((inspection, index) =>
    index > 0
      ? inspection
      : {
          ...inspection,
          problems: [...more.problems, ...inspection.problems],
          notChecked: [...more.notChecked, ...inspection.notChecked],
        },
  );
  const isStopped = terminal.signal.aborted;
  const stored = isStopped ? undefined : await searchCase(told, options, terminal);
  const now = Date.now() * 1000;
  const apart =
    options.join === true && !isStopped
      ? []
      : told.map((inspection) => judgeInspection({ inspection: withPlaces(inspection), files: [] }, now));
  const verdict = joinVerdicts([...(stored === undefined ? [] : [stored]), ...apart], resolve(options.case));
  const failOn = options.failOn === undefined ? {} : { failOn: options.failOn };
  const report = printVerdict(verdict, options, terminal, { showAll: options.all === true, ...failOn });
  if (isStopped) {
    terminal.talk('stopped: this is what was found until then; nothing was kept, and the case was not asked\n');
    return 2;
  }
  return options.failOn !== undefined && countAtOrOver(report, options.failOn) > 0 ? 1 : 0;
}

/** Several roots have the same paths: each begins with its own name, as in the case. */
function withPlaces(inspection: Inspection): Inspection {
  const { subject, claims } = inspection;
  if (subject === '/') return inspection;
  return { ...inspection, claims: claims.map((claim) => ({ ...claim, path: `${subject}!${claim.path}` })) };
}

async function readLists(options: SweepCommandOptions): Promise<ReadLists | undefined> {
  if (options.ioc.length === 0) return undefined;
  const missing = options.ioc.find((path) => !existsSync(path));
  if (missing !== undefined) throw new VakthundError('NOT_FOUND', `the list "${missing}" cannot be read`);
  const { settings } = await settingsOf(options);
  const { warning_lists_off: off = [] } = (settings.analytics['indicator'] ?? {}) as { warning_lists_off?: string[] };
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-lists-'));
  try {
    const asOf = Date.now() * 1000;
    return await readIndicatorLists(
      options.ioc.map((path) => resolve(path)),
      { limits: defaultOpenLimits, spoolFolder, asOf, without: off },
    );
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
}

/** `campaign, STIX: 3 sha256, 1 domain`. */
function listLine({ name, format, entries, expired }: ReadList): string {
  if (format === undefined) return `${name}: not read, no format recognises it`;
  const kinds = [...entries].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
  const old = expired === 0 ? '' : ` (${expired} expired)`;
  return `${name}, read as ${format}: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}${old}`;
}

function expiredIn({ name, expired }: ReadList): Inspection['notChecked'] {
  return expired === 0 ? [] : [{ what: `${expired} entries of the list ${name}`, why: 'they have expired by now' }];
}

function ownFiles(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.filter((path) => existsSync(path)).map((path) => realpathSync(path)));
}

/** What a file system holds: the whole of what a sweep of the machine will read, as a guess; 0 when it cannot be told. */
function usedBytes(path: string): number {
  try {
    const { blocks, bfree, bsize } = statfsSync(path);
    return (blocks - bfree) * bsize;
  } catch {
    return 0;
  }
}

async function sweepSubjects(
  asked: Pick<SweepOptions, 'matcher' | 'yara'>,
  options: SweepCommandOptions,
  terminal: Terminal,
): Promise<Inspection[]> {
  const inspections: Inspection[] = [];
  const { seconds } = options;
  for await (const subject of openSubjects(options, terminal.signal)) {
    const progress = createProgress(terminal);
    const total = subject.tree.name === '/' ? usedBytes('/') : 0;
    const { tree, live, foreign, programs, host } = subject;
    const inspection = await sweepTree(tree, {
      ...asked,
      ...(live === undefined ? {} : { live }),
      foreign,
      ...(programs === undefined ? {} : { programs }),
      host,
      // Paths of a root are its own, not this machine's.
      except: tree.name === '/' ? ownFiles([...options.ioc, ...options.yara]) : new Set<string>(),
      limits: { seconds },
      signal: terminal.signal,
      onProgress: (what, bytes) => progress.show({ phase: 'ingest', what, done: bytes, total }),
    });
    progress.end();
    inspections.push({
      ...inspection,
      problems: [...subject.problems, ...inspection.problems],
      notChecked: [...subject.notChecked(), ...inspection.notChecked],
    });
    if (terminal.signal.aborted) break;
  }
  return inspections;
}

/** What the case holds is asked when there is a case; with `--join` it keeps what was found elsewhere. */
async function searchCase(
  inspections: readonly Inspection[],
  options: SweepCommandOptions,
  terminal: Terminal,
): Promise<Verdict | undefined> {
  const isThere = existsSync(resolve(options.case));
  if (options.join !== true && (!isThere || options.ioc.length === 0)) return undefined;
  return withCase(options, terminal, async (service) => {
    const call = { signal: terminal.signal };
    const kept = options.join === true ? inspections : [];
    for (const inspection of kept) await service.join({ inspection, files: [] }, call);
    const indicators = options.ioc.map((path) => resolve(path));
    const verdict = await service.investigate({ paths: [], only: [], skip: [], indicators, rules: [] }, call);
    return options.join === true ? verdict : onlyListed(verdict);
  });
}

/** Of a whole verdict what the lists found. */
function onlyListed(verdict: Verdict): Verdict {
  const findings = verdict.findings.filter(({ detector }) => detector.startsWith(listDetector));
  const ids = new Set(findings.map(({ id }) => id));
  return {
    ...verdict,
    findings,
    incidents: verdict.incidents.filter((incident) => incident.findings.some((id) => ids.has(id))),
    ran: verdict.ran.filter((id) => id.startsWith(listDetector)),
    notChecked: verdict.notChecked.filter(({ what }) => what.startsWith(listDetector)),
  };
}

const listDetector = 'analytics/indicator';
