import { VakthundError, messageOf } from '../base/errors.ts';
import type { LocalNetworks } from '../base/networks.ts';
import type { Logger } from '../base/logger.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { Analytic } from '../detect/analytic.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import { isDetectorNamed } from '../events/detector-id.ts';
import type { Finding } from '../events/finding.ts';
import type { NarrowableStore, ReadStore } from '../store/store.ts';
import { toldLimits } from '../store/told-limits.ts';
import { seenOnce } from './seen-once.ts';
import { timeCondition } from './time-condition.ts';

/** Something that was not looked at, and why. */
export interface NotChecked {
  readonly what: string;
  readonly why: string;
}

export interface DetectOptions {
  readonly store: ReadStore;
  readonly networks: LocalNetworks;
  /** Settings by analytic id, checked by each analytic's schema. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  /** Detector ids or their beginnings; empty `only` means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  onProgress(progress: {
    readonly phase: 'detect';
    readonly detector: string;
    readonly done: number;
    readonly total: number;
  }): void;
}

/** With a store that can hide what a second sensor told of. */
export interface CaseDetectOptions extends DetectOptions {
  readonly store: NarrowableStore;
}

export interface DetectResult {
  readonly findings: Finding[];
  readonly problems: Problem[];
  readonly notChecked: NotChecked[];
  /** Detectors that ran to their end. */
  readonly ran: string[];
}

/** Runs every applicable analytic. One that fails is told and leaves the others alone. */
export async function detect(options: CaseDetectOptions): Promise<DetectResult> {
  const counted = { ...options, store: await seenOnce(options.store) };
  const result: DetectResult = { findings: [], problems: [], notChecked: [], ran: [] };
  const list: readonly Analytic[] = Object.values(analytics);
  for (const [done, analytic] of list.entries()) {
    options.signal?.throwIfAborted();
    const detector = `analytics/${analytic.id}`;
    options.onProgress({ phase: 'detect', detector, done, total: list.length });
    const why = await whyNot(analytic, detector, options);
    if (why !== undefined) result.notChecked.push({ what: detector, why });
    else await runAnalytic(analytic, analytic.countsCalls === true ? counted : options, result);
  }
  return result;
}

/** Why an analytic is not asked; undefined when it is. */
async function whyNot(analytic: Analytic, detector: string, options: DetectOptions): Promise<string | undefined> {
  const names = (id: string): boolean => isDetectorNamed(detector, id);
  if (options.only.length > 0 && !options.only.some(names)) return 'not selected by --only';
  if (options.skip.some(names)) return 'left out by --skip';
  for (const kind of analytic.reads) if ((await options.store.count(kind)) > 0) return undefined;
  return `no ${analytic.reads.join(' or ')} events in the evidence`;
}

/** Asks one analytic, and adds what it says to the result. */
export async function runAnalytic(analytic: Analytic, options: DetectOptions, result: DetectResult): Promise<void> {
  const detector = `analytics/${analytic.id}`;
  const parsed = analytic.settings.safeParse(options.settings[analytic.id] ?? {});
  if (!parsed.success) {
    throw new VakthundError('CONFIG', `the settings of ${detector} are not valid: ${parsed.error.message}`);
  }
  const findings: Finding[] = [];
  const notChecked = (why: string): void => void result.notChecked.push({ what: detector, why });
  try {
    const context = {
      store: toldLimits(options.store, (limit) =>
        notChecked(`it reached its bound of ${limit} rows: what came behind them in its order was not judged`),
      ),
      timeCondition: timeCondition(options),
      since: options.since,
      until: options.until,
      networks: options.networks,
      settings: parsed.data,
      logger: options.logger,
      notChecked,
    };
    for await (const finding of analytic.run(context)) findings.push(finding);
    result.ran.push(detector);
  } catch (error) {
    // What was stopped has not failed, and its verdict is not kept.
    options.signal?.throwIfAborted();
    options.logger.error({ detector, error: messageOf(error) }, 'a detector failed');
    result.problems.push({ code: 'detector-failed', at: {}, message: `${detector} stopped: ${messageOf(error)}` });
    result.notChecked.push({ what: detector, why: 'it stopped with an error; see the problems' });
  }
  result.findings.push(...findings);
}
