import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import type { LiveJudge } from '../../detect/analytic.ts';
import type { VakthundEvent } from '../../events/event.ts';
import { FollowedFiles } from '../followed-files.ts';
import type { DecodedEvidence } from '../content-reader.ts';
import type { NewsVerdict, OwnedCase } from '../owned-case.ts';
import { IncidentChanges } from './incident-changes.ts';
import { forgetting, type Keep } from './log-classes.ts';
import { findingAlert } from './finding-alert.ts';
import { Lateness } from './lateness.ts';
import { LiveRules } from './live-rules.ts';
import type { Alert, Notice } from './notice.ts';
import { Pace } from './pace.ts';
import { Repeats } from './repeats.ts';
import { isNoRoom, Room } from './room.ts';
import { Told } from './told.ts';
import type { RuleBook } from './rule-book.ts';

export interface WatchOptions {
  /** This machine, for records that name none. */
  readonly hostName: string;
  /** Absolute paths of files and folders that are followed. */
  readonly paths: readonly string[];
  /** Files below them that a sensor reads. */
  isReadElsewhere(path: string): boolean;
  /** Files that this watch, or the one before it, recorded as things happened: what nobody has read of them is news. */
  isRecorded?(path: string): boolean;
  readonly rules: RuleBook;
  /** Whether somebody asked for the rules to be loaded anew since it was asked last. */
  takeReload(): boolean;
  /** Absolute paths of indicator lists. */
  readonly indicators: readonly string[];
  /** How often the paths are looked at; half as often while every look finds something. */
  readonly lookMs: number;
  /**
   * How often what came in is judged together after an alert or many events; everything, and few events that alarmed nobody, a sixth as often.
   * Neither judgement takes more than a tenth of the time.
   */
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
  /** Fills in events before they are stored and judged; they wait for what it promises. */
  amend(events: readonly VakthundEvent[]): Promise<void> | undefined;
  /** How many events a look stored. */
  onRead(events: number): void;
  /** Where what this and earlier watches of the case have told is kept. */
  readonly toldFolder: string;
  /** Somebody gave a reason not to be told of it. */
  isSilent(alert: Alert): boolean;
  /** Reads anew what silences, where it changed. */
  refreshSilence(): void;
  onNotice(notice: Notice): void;
}

/** Each look that finds something costs about the same, however little it is. */
const busyLooks = 2;
/** Judgements of everything, and those of nothing alarming, are so much rarer. */
const calmFactor = 6;
/** Events that are judged soon though nobody was alarmed: of the news, and of all. */
const manyNews = 1000;
const manyOfAll = 20_000;
/** Rare enough that the terminal does not fill with what was forgotten, and often enough that a disk does not fill either. */
const forgetEveryMs = 600_000;
/** How often files of rules are looked at, and the share of the time that the looks may take: of a large folder they are rarer. */
const rulesEveryMs = 2000;
const rulesShare = 0.001;
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
  #rules: LiveRules;
  #rulesAtMs = 0;
  readonly #repeats: Repeats;
  readonly #changes: IncidentChanges;
  readonly #told: Told;
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
  readonly #room: Room;
  readonly #lateness = new Lateness();
  readonly #ofNews: Pace;
  readonly #ofAll: Pace;
  #liveJudge: LiveJudge | undefined;

  constructor(service: OwnedCase, options: WatchOptions) {
    this.#service = service;
    this.#options = options;
    this.#rules = new LiveRules(options.rules.sets);
    this.#told = new Told(options.toldFolder);
    this.#room = new Room(options.toldFolder);
    this.#changes = new IncidentChanges(this.#told.incidents);
    this.#repeats = new Repeats(options.repeatMs);
    const [soonMs, laterMs] = [options.judgeMs, options.judgeMs * calmFactor];
    this.#ofNews = new Pace({ pressingMs: soonMs, calmMs: laterMs, manyEvents: manyNews });
    this.#ofAll = new Pace({ pressingMs: laterMs, calmMs: laterMs * calmFactor, manyEvents: manyOfAll });
  }

  async run(): Promise<void> {
    const { signal, clockMs, lookMs } = this.#options;
    try {
      // What came while no watch ran is judged as well as what comes from now on.
      this.#liveJudge = await this.#service.liveJudge();
      await this.#look(false);
      this.#begin(() => this.#judgeAll(this.#options.indicators));
      while (!signal.aborted) {
        const startedMs = clockMs();
        const found = await this.#lookWhereRoom();
        if (this.#failure !== undefined) throw this.#failure.error;
        this.#tellAll(this.#repeats.due(clockMs()));
        this.#renewRules();
        if (!this.#room.isFull) this.#doWhatIsDue();
        const everyMs = found > 0 ? lookMs * busyLooks : lookMs;
        await sleep(Math.max(0, everyMs - (clockMs() - startedMs)), undefined, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#underWay;
      this.#tellAll(this.#repeats.rest());
    }
  }

  /** Whoever fills the disk of the case must not end the watch by it: it waits, and reads then what came meanwhile. */
  async #lookWhereRoom(): Promise<number> {
    if (this.#room.hasCome()) {
      const message = 'there is room on the disk of the case again';
      this.#options.onNotice({ type: 'sensor', sensor: 'self', state: 'started', message });
      this.#ofAll.add(1, true);
    }
    if (this.#room.isFull) return 0;
    try {
      return await this.#look(true);
    } catch (error) {
      if (!this.#tellNoRoom(messageOf(error))) throw error;
      return 0;
    }
  }

  /** False when it failed for something else. */
  #tellNoRoom(text: string): boolean {
    if (!isNoRoom(text)) return false;
    const message =
      'no room is left on the disk of the case: nothing is read or judged until there is, and then what came meanwhile';
    if (this.#room.hasFailed()) this.#options.onNotice({ type: 'sensor', sensor: 'self', state: 'stopped', message });
    return true;
  }

  /**
   * Reads what came, and gives how many events. What stood there before the case knew the log is judged as history, not told as news; what
   * came to a known one while no watch ran is told, and what this or an earlier watch recorded and nobody has read; of a log that nobody
   * knew what happened since a watch judged last.
   */
  async #look(isLive: boolean): Promise<number> {
    const { paths, signal, hostName } = this.#options;
    let [shown, told, newest] = [0, 0, 0];
    const { events, problems } = await this.#service.follow(paths, {
      followed: this.#followed,
      hostName,
      signal,
      isReadElsewhere: (path) => this.#options.isReadElsewhere(path),
      amend: (fresh) => this.#options.amend(fresh),
      onDecoded: (fresh, evidence) => {
        const isNews = isLive || evidence.isSince || this.#options.isRecorded?.(evidence.path) === true;
        const news = isNews ? fresh : this.#since(fresh);
        shown += news.length;
        for (const alert of this.#alertsOf(news, evidence)) told += this.#tellAlert(alert);
        if (this.#options.isRecorded?.(evidence.path) === true) newest = Math.max(newest, fresh.at(-1)?.time ?? 0);
      },
    });
    if (isLive && newest > 0) this.#tellLateness(newest);
    this.#events += events;
    this.#options.onRead(events);
    this.#hasUnshown ||= events > shown;
    this.#ofNews.add(events, told > 0);
    this.#ofAll.add(events, told > 0);
    for (const problem of problems) this.#tellProblem(problem);
    return events;
  }

  /** `newest`: time of the newest event that sensors recorded and this look read, µs. */
  #tellLateness(newest: number): void {
    const { now, clockMs } = this.#options;
    const change = this.#lateness.see((now() - newest) / 1000, clockMs());
    if (change === undefined) return;
    const message = change.isLate
      ? `what sensors record is read ${change.seconds} s later (too little processor, or more than can be read); alerts come late`
      : 'what sensors record is read as it comes again';
    this.#options.onNotice({ type: 'sensor', sensor: 'self', state: change.isLate ? 'late' : 'started', message });
  }

  #since(events: readonly VakthundEvent[]): readonly VakthundEvent[] {
    const { since } = this.#told;
    return since === undefined ? [] : events.filter(({ time }) => time > since);
  }

  *#alertsOf(events: readonly VakthundEvent[], evidence: DecodedEvidence): Generator<Alert> {
    for (const alert of this.#rules.judge(events, evidence)) {
      this.#fired.add(alert.detector);
      yield alert;
    }
    for (const finding of this.#liveJudge?.(events) ?? []) yield findingAlert(finding, evidence);
  }

  /** Gives how many notices it was worth: none when it is silenced or a repeat. */
  #tellAlert(alert: Alert): number {
    if (this.#options.isSilent(alert)) return 0;
    this.#alerts++;
    let notices = [...this.#repeats.add(alert, this.#options.clockMs())];
    // How often those before it came is news all the same.
    if (this.#told.isToldBefore(alert)) notices = notices.filter(({ type }) => type !== 'alert');
    this.#tellAll(notices);
    if (notices.some(({ type }) => type === 'alert')) this.#told.addAlert(alert);
    return notices.length;
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

  /** Rules that changed judge what comes from now on, and everything at the next judgement, which is then due. */
  #renewRules(): void {
    const { clockMs, rules } = this.#options;
    const isAsked = this.#options.takeReload();
    const startedMs = clockMs();
    if (!isAsked && startedMs < this.#rulesAtMs) return;
    const change = rules.renew(isAsked);
    this.#rulesAtMs = startedMs + Math.max(rulesEveryMs, change ? 0 : (clockMs() - startedMs) / rulesShare);
    if (change === undefined) return;
    this.#options.onNotice({ type: 'rules', ...change });
    if (change.state === 'refused') return;
    this.#rules = new LiveRules(rules.sets);
    this.#ofAll.add(1, true);
  }

  #doWhatIsDue(): void {
    if (this.#underWay !== undefined) return;
    const nowMs = this.#options.clockMs();
    if (nowMs >= this.#forgetAtMs) this.#begin(() => this.#forget());
    else if (this.#ofAll.isDue(nowMs)) this.#begin(() => this.#judgeAll([]));
    else if (this.#ofNews.isDue(nowMs)) this.#begin(() => this.#judgeNews());
  }

  #begin(work: () => Promise<void>): void {
    this.#underWay = work()
      .catch((error: unknown) => void (this.#tellNoRoom(messageOf(error)) || (this.#failure = { error })))
      .finally(() => void (this.#underWay = undefined));
  }

  async #judgeAll(indicators: readonly string[]): Promise<void> {
    const { clockMs, rules, signal } = this.#options;
    const startedMs = clockMs();
    this.#options.refreshSilence();
    this.#ofAll.begin();
    this.#ofNews.begin();
    this.#takeFired();
    const request = { paths: [], only: [], skip: [], indicators, rules: [] };
    const verdict = await this.#service.judgeAll(request, rules.sets, { signal });
    this.#ofAll.judged(startedMs, clockMs());
    // Lists may have come, gone or expired.
    this.#liveJudge = await this.#service.liveJudge();
    this.#tellVerdict(verdict, clockMs() - startedMs);
  }

  async #judgeNews(): Promise<void> {
    const { clockMs, rules, signal } = this.#options;
    const startedMs = clockMs();
    this.#options.refreshSilence();
    this.#ofNews.begin();
    const verdict = await this.#service.judgeNews(
      { rules: rules.sets, takeFired: () => this.#takeFired() },
      { signal },
    );
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
    this.#told.keepIncidents(incidents);
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
    if (isOfOurs(problem) && this.#tellNoRoom(problem.message)) return;
    const key = `${problem.code} ${problem.at.path ?? ''} ${problem.message}`;
    if (this.#toldProblems.has(key) || this.#toldProblems.size >= maxToldProblems) return;
    this.#toldProblems.add(key);
    this.#options.onNotice({ type: 'problem', problem });
  }

  #tellAll(notices: Iterable<Notice>): void {
    for (const notice of notices) this.#options.onNotice(notice);
  }
}

/** Said by the system of what we did; messages of other codes quote evidence, which may say anything of a disk. */
function isOfOurs({ code }: Problem): boolean {
  return code === 'unreadable' || code === 'detector-failed';
}
