import { setTimeout as sleep } from 'node:timers/promises';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { VakthundEvent } from '../../events/event.ts';
import { FollowedFiles } from '../followed-files.ts';
import type { OwnedCase } from '../local-case.ts';
import type { LoadedSet } from '../run-rules.ts';
import { IncidentChanges } from './incident-changes.ts';
import { forgetting, type KeepDays } from './log-classes.ts';
import { LiveRules } from './live-rules.ts';
import type { Alert, Notice } from './notice.ts';
import { Repeats } from './repeats.ts';

export interface WatchOptions {
  /** This machine, for records that name none. */
  readonly hostName: string;
  /** Absolute paths of files and folders that are followed. */
  readonly paths: readonly string[];
  readonly rules: readonly LoadedSet[];
  /** Absolute paths of rule files, for the judgement over everything. */
  readonly rulePaths: readonly string[];
  /** Absolute paths of indicator lists. */
  readonly indicators: readonly string[];
  /** How often the paths are looked at. */
  readonly lookMs: number;
  /** How often everything is judged while something new came in. Never more often than a tenth of the time that it takes. */
  readonly judgeMs: number;
  /** How long alike alerts are counted instead of told. */
  readonly repeatMs: number;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly clockMs: () => number;
  readonly now: () => number;
  /** Records that sensors have lost since the start. */
  readonly lost: () => number;
  readonly keepDays: KeepDays;
  /** Fills in events before they are stored and judged. */
  amend(events: readonly VakthundEvent[]): void;
  /** Somebody gave a reason not to be told of it. */
  isSilent(alert: Alert): boolean;
  onNotice(notice: Notice): void;
}

/** Share of the time that judging everything may take. */
const judgeShare = 0.1;
const forgetEveryMs = 3_600_000;
/** Problems told one by one; a broken log must not flood. */
const maxToldProblems = 200;

/**
 * Follows files and judges without end, until the signal: each event by rules as it comes in, everything by everything now and then.
 * What is committed is there after a kill, once: the ledger knows how far each content was read.
 */
export async function watch(service: OwnedCase, options: WatchOptions): Promise<void> {
  await new Watch(service, options).run();
}

class Watch {
  readonly #service: OwnedCase;
  readonly #options: WatchOptions;
  readonly #followed = new FollowedFiles();
  readonly #rules: LiveRules;
  readonly #repeats: Repeats;
  readonly #changes = new IncidentChanges();
  readonly #toldProblems = new Set<string>();
  #events = 0;
  #alerts = 0;
  #incidents = 0;
  #hasNews = false;
  #judgedAtMs = 0;
  #forgetAtMs = 0;
  #judgedInMs = 0;

  constructor(service: OwnedCase, options: WatchOptions) {
    this.#service = service;
    this.#options = options;
    this.#rules = new LiveRules(options.rules);
    this.#repeats = new Repeats(options.repeatMs);
  }

  async run(): Promise<void> {
    const { signal, clockMs, lookMs } = this.#options;
    try {
      await this.#look(false);
      await this.#judge(this.#options.indicators);
      while (!signal.aborted) {
        const startedMs = clockMs();
        await this.#look(true);
        this.#tellAll(this.#repeats.due(clockMs()));
        if (clockMs() >= this.#forgetAtMs) await this.#forget();
        if (this.#hasNews && clockMs() >= this.#judgeDueMs()) await this.#judge([]);
        await sleep(Math.max(0, lookMs - (clockMs() - startedMs)), undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#tellAll(this.#repeats.rest());
    }
  }

  /** Reads what came. What stood there before the watch began is judged as history, not told as news. */
  async #look(isLive: boolean): Promise<void> {
    const { paths, signal, hostName } = this.#options;
    const summary = await this.#service.follow(paths, {
      followed: this.#followed,
      hostName,
      signal,
      amend: (events) => this.#options.amend(events),
      onCommitted: (events, evidence) => {
        this.#events += events.length;
        if (!isLive) return;
        for (const alert of this.#rules.judge(events, evidence)) {
          if (this.#options.isSilent(alert)) continue;
          this.#alerts++;
          this.#tellAll(this.#repeats.add(alert, this.#options.clockMs()));
        }
      },
    });
    this.#hasNews ||= summary.events > 0;
    for (const problem of summary.problems) this.#tellProblem(problem);
  }

  /** What is older than its class is kept; told with its count. */
  async #forget(): Promise<void> {
    const { clockMs, now, keepDays } = this.#options;
    this.#forgetAtMs = clockMs() + forgetEveryMs;
    for (const { kinds, olderThan } of forgetting(keepDays, now())) {
      const count = await this.#service.forget(olderThan, kinds);
      if (count > 0) this.#options.onNotice({ type: 'forgotten', kinds, olderThan, count });
    }
  }

  #judgeDueMs(): number {
    return this.#judgedAtMs + Math.max(this.#options.judgeMs, this.#judgedInMs / judgeShare);
  }

  async #judge(indicators: readonly string[]): Promise<void> {
    const { clockMs, now, rulePaths, signal } = this.#options;
    const startedMs = clockMs();
    this.#hasNews = false;
    const request = { paths: [], only: [], skip: [], indicators, rules: rulePaths };
    const verdict = await this.#service.investigate(request, { signal }).catch((error: unknown) => {
      // Settings of the case that somebody is editing: what stood before holds until they are whole again.
      if (!(error instanceof VakthundError) || error.code !== 'CONFIG' || this.#judgedAtMs === 0) throw error;
      this.#tellProblem({ code: 'detector-failed', at: {}, message: error.message });
      return undefined;
    });
    this.#judgedAtMs = clockMs();
    this.#judgedInMs = this.#judgedAtMs - startedMs;
    if (verdict === undefined) {
      this.#hasNews = true;
      return;
    }
    this.#incidents = verdict.incidents.length;
    this.#tellAll(this.#changes.next(verdict.incidents));
    for (const problem of verdict.problems) this.#tellProblem(problem);
    this.#options.onNotice({
      type: 'status',
      status: {
        now: now(),
        events: this.#events,
        alerts: this.#alerts,
        incidents: this.#incidents,
        lost: this.#options.lost(),
        judgedInMs: Math.round(this.#judgedInMs),
      },
    });
  }

  /** Each problem once. */
  #tellProblem(problem: Problem): void {
    const key = `${problem.code} ${problem.at.path ?? ''} ${problem.message}`;
    if (this.#toldProblems.has(key) || this.#toldProblems.size >= maxToldProblems) return;
    this.#toldProblems.add(key);
    this.#options.onNotice({ type: 'problem', problem });
  }

  #tellAll(notices: Iterable<Notice>): void {
    for (const notice of notices) this.#options.onNotice(notice);
  }
}
