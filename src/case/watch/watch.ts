import { setTimeout as sleep } from 'node:timers/promises';
import { VakthundError } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { VakthundEvent } from '../../events/event.ts';
import { FollowedFiles } from '../followed-files.ts';
import type { NewsVerdict, OwnedCase } from '../local-case.ts';
import type { LoadedSet } from '../run-rules.ts';
import { IncidentChanges } from './incident-changes.ts';
import { forgetting, type Keep } from './log-classes.ts';
import { LiveRules } from './live-rules.ts';
import type { Alert, Notice } from './notice.ts';
import { Repeats } from './repeats.ts';

export interface WatchOptions {
  /** This machine, for records that name none. */
  readonly hostName: string;
  /** Absolute paths of files and folders that are followed. */
  readonly paths: readonly string[];
  /** Files below them that a sensor reads. */
  isReadElsewhere(path: string): boolean;
  readonly rules: readonly LoadedSet[];
  /** Absolute paths of rule files, for the judgement over everything. */
  readonly rulePaths: readonly string[];
  /** Absolute paths of indicator lists. */
  readonly indicators: readonly string[];
  /** How often the paths are looked at. */
  readonly lookMs: number;
  /** How often what came in is judged together. Neither that nor judging everything takes more than a tenth of the time. */
  readonly judgeMs: number;
  /** How long alike alerts are counted instead of told. */
  readonly repeatMs: number;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly clockMs: () => number;
  readonly now: () => number;
  /** Records that sensors have lost since the start. */
  readonly lost: () => number;
  readonly keep: Keep;
  /** Fills in events before they are stored and judged. */
  amend(events: readonly VakthundEvent[]): void;
  /** Somebody gave a reason not to be told of it. */
  isSilent(alert: Alert): boolean;
  onNotice(notice: Notice): void;
}

/** Share of the time that a judgement may take, of what is new and of everything. */
const judgeShare = 0.1;
/** Rare enough that the terminal does not fill with what was forgotten, and often enough that a disk does not fill either. */
const forgetEveryMs = 600_000;
/** Problems told one by one; a broken log must not flood. */
const maxToldProblems = 200;

/**
 * Follows files and judges without end, until the signal: each event by rules as it comes in, what is new together every few seconds,
 * and everything by everything now and then; reading goes on meanwhile. When nothing comes any more, the last judgement is of everything.
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
  #fired = new Set<string>();
  /** Events came that no rule was shown. */
  #hasUnshown = false;
  #events = 0;
  #alerts = 0;
  #incidents = 0;
  #forgetAtMs = 0;
  /** The judgement or the forgetting that is under way, and what ended one. */
  #underWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #ofNews = new Pace();
  readonly #ofAll = new Pace();

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
      this.#begin(() => this.#judgeAll(this.#options.indicators));
      while (!signal.aborted) {
        const startedMs = clockMs();
        await this.#look(true);
        if (this.#failure !== undefined) throw this.#failure.error;
        this.#tellAll(this.#repeats.due(clockMs()));
        this.#doWhatIsDue();
        await sleep(Math.max(0, lookMs - (clockMs() - startedMs)), undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#underWay;
      this.#tellAll(this.#repeats.rest());
    }
  }

  /** Reads what came. What stood there before the watch began is judged as history, not told as news. */
  async #look(isLive: boolean): Promise<void> {
    const { paths, signal, hostName } = this.#options;
    let shown = 0;
    const summary = await this.#service.follow(paths, {
      followed: this.#followed,
      hostName,
      signal,
      isReadElsewhere: (path) => this.#options.isReadElsewhere(path),
      amend: (events) => this.#options.amend(events),
      onCommitted: (events, evidence) => {
        if (!isLive) return;
        shown += events.length;
        for (const alert of this.#rules.judge(events, evidence)) {
          this.#fired.add(alert.detector);
          if (this.#options.isSilent(alert)) continue;
          this.#alerts++;
          this.#tellAll(this.#repeats.add(alert, this.#options.clockMs()));
        }
      },
    });
    this.#events += summary.events;
    this.#hasUnshown ||= summary.events > shown;
    this.#ofNews.hasNews ||= summary.events > 0;
    this.#ofAll.hasNews ||= summary.events > 0;
    for (const problem of summary.problems) this.#tellProblem(problem);
  }

  /** What is older than its class is kept, and what is beyond the disk that it may take; told with its count. */
  async #forget(): Promise<void> {
    const { clockMs, now, keep } = this.#options;
    this.#forgetAtMs = clockMs() + forgetEveryMs;
    for (const bound of forgetting(keep, now())) {
      const forgotten = await this.#service.forget(bound);
      if (forgotten.length === 0) continue;
      this.#options.onNotice({
        type: 'forgotten',
        because: 'olderThan' in bound ? 'age' : 'disk',
        kinds: forgotten.map(({ kind }) => kind),
        count: forgotten.reduce((sum, { events }) => sum + events, 0),
        first: Math.min(...forgotten.map(({ first }) => first)),
        last: Math.max(...forgotten.map(({ last }) => last)),
      });
    }
  }

  #doWhatIsDue(): void {
    const { judgeMs, clockMs } = this.#options;
    if (this.#underWay !== undefined) return;
    if (clockMs() >= this.#forgetAtMs) this.#begin(() => this.#forget());
    else if (this.#ofAll.isDue(judgeMs, clockMs())) this.#begin(() => this.#judgeAll([]));
    else if (this.#ofNews.isDue(judgeMs, clockMs())) this.#begin(() => this.#judgeNews());
  }

  #begin(work: () => Promise<void>): void {
    this.#underWay = work()
      .catch((error: unknown) => void (this.#failure = { error }))
      .finally(() => void (this.#underWay = undefined));
  }

  async #judgeAll(indicators: readonly string[]): Promise<void> {
    const { clockMs, rulePaths, signal } = this.#options;
    const startedMs = clockMs();
    this.#ofAll.hasNews = false;
    this.#ofNews.hasNews = false;
    this.#takeFired();
    const request = { paths: [], only: [], skip: [], indicators, rules: rulePaths };
    const verdict = await this.#service.investigate(request, { signal }).catch((error: unknown) => {
      // Settings of the case that somebody is editing: what stood before holds until they are whole again.
      if (!(error instanceof VakthundError) || error.code !== 'CONFIG' || !this.#ofAll.hasJudged) throw error;
      this.#tellProblem({ code: 'detector-failed', at: {}, message: error.message });
      return undefined;
    });
    this.#ofAll.judged(startedMs, clockMs());
    if (verdict === undefined) this.#ofAll.hasNews = true;
    else this.#tellVerdict(verdict, clockMs() - startedMs);
  }

  async #judgeNews(): Promise<void> {
    const { clockMs, rules, signal } = this.#options;
    const startedMs = clockMs();
    this.#ofNews.hasNews = false;
    const verdict = await this.#service.judgeNews({ rules, takeFired: () => this.#takeFired() }, { signal });
    this.#ofNews.judged(startedMs, clockMs());
    this.#tellVerdict(verdict, clockMs() - startedMs);
  }

  /** Rules that matched since it was asked last; undefined when there were events that they were not shown. */
  #takeFired(): ReadonlySet<string> | undefined {
    const fired = this.#hasUnshown ? undefined : this.#fired;
    this.#fired = new Set();
    this.#hasUnshown = false;
    return fired;
  }

  #tellVerdict({ incidents, problems }: NewsVerdict, judgedInMs: number): void {
    const { now, lost } = this.#options;
    this.#incidents = incidents.length;
    this.#tellAll(this.#changes.next(incidents));
    for (const problem of problems) this.#tellProblem(problem);
    this.#options.onNotice({
      type: 'status',
      status: {
        now: now(),
        events: this.#events,
        alerts: this.#alerts,
        incidents: this.#incidents,
        lost: lost(),
        judgedInMs: Math.round(judgedInMs),
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

/** When a judgement is due: not before something came, and not so often that it would take more than its share of the time. */
class Pace {
  hasNews = false;
  #judgedAtMs: number | undefined;
  #tookMs = 0;

  get hasJudged(): boolean {
    return this.#judgedAtMs !== undefined;
  }

  judged(startedMs: number, endedMs: number): void {
    this.#judgedAtMs = endedMs;
    this.#tookMs = endedMs - startedMs;
  }

  isDue(everyMs: number, nowMs: number): boolean {
    return this.hasNews && nowMs >= (this.#judgedAtMs ?? -Infinity) + Math.max(everyMs, this.#tookMs / judgeShare);
  }
}
