import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { Problem } from '../base/problem.ts';
import type { KindId } from '../events/event.ts';
import { severities } from '../events/finding.ts';
import type { Rule, RuleQuery } from '../detect/rules/rule-language.ts';
import { QuestionFilter } from '../detect/rules/rule-matches.ts';
import type { RuleQuestion } from '../detect/rules/rule-question.ts';
import { isScannable } from '../detect/rules/rule-scan.ts';
import type { Store } from '../store/store.ts';
import { huntedTable, kept, order, shownColumns, withGroup } from './hunt-columns.ts';
import { KeptMatches, shareRows, type Kept } from './kept-matches.ts';
import { NotAsked } from './not-asked.ts';
import { scanStored } from './rule-scan/scan-stored.ts';
import type { LoadedSet } from './run-rules.ts';
import type { HuntedRule, Progress, RuleHunt } from './service.ts';

export interface RuleHuntOptions {
  readonly store: Pick<Store, 'macros' | 'count' | 'query' | 'userQuery' | 'withShares'>;
  readonly logger: Logger;
  /** Of one question that the store answers. */
  readonly timeoutMs: number;
  readonly maxRows: number;
  /** The most that may read rows together; undefined: one for each core. */
  readonly threads?: number | undefined;
  readonly signal: AbortSignal | undefined;
  onProgress(progress: Progress): void;
}

/**
 * From so many questions about a kind on, its rows are read once and judged by all of them. A question costs the store 1 to 12 µs of each row,
 * more where it looks into the record's own fields, and each question anew; to read a row costs 8 to 60 µs, however many there are.
 */
const leastScanned = 8;

/** Matches of rules over everything stored. What cannot be asked is told, and leaves the others alone. */
export async function huntRules(sets: readonly LoadedSet[], options: RuleHuntOptions): Promise<RuleHunt> {
  const hunt = new Hunt(options);
  const { scanned, asked } = splitQuestions(await hunt.questionsOf(sets));
  await hunt.scan(scanned);
  for (const [done, question] of asked.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress({ phase: 'detect', what: question.rule.title, done, total: asked.length });
    await hunt.ask(question);
  }
  return hunt.result();
}

class Hunt {
  readonly #options: RuleHuntOptions;
  readonly #kept: KeptMatches<Rule>;
  readonly #notAsked = new NotAsked();
  readonly #problems: Problem[] = [];
  readonly #detectors = new Map<Rule, string>();
  readonly #kinds = new Set<KindId>();
  readonly #filter: QuestionFilter;
  #rules = 0;

  constructor(options: RuleHuntOptions) {
    this.#options = options;
    this.#kept = new KeptMatches(options.maxRows, order);
    this.#filter = new QuestionFilter(options.store);
  }

  /** What the rules ask of events that are there. */
  async questionsOf(sets: readonly LoadedSet[]): Promise<readonly RuleQuestion[]> {
    const { store } = this.#options;
    const counts = new Map<KindId, Promise<number>>();
    const isStored = async (query: RuleQuery): Promise<boolean> => {
      const kinds = kindsOf(query);
      for (const kind of kinds) {
        const count = counts.get(kind) ?? store.count(kind);
        counts.set(kind, count);
        if ((await count) > 0) return true;
      }
      return kinds.length === 0;
    };
    const questions: RuleQuestion[] = [];
    for (const { language, set } of sets) {
      for (const rule of set.rules.filter(({ isEnabled }) => isEnabled)) {
        const detector = `rules/${language.id}`;
        this.#detectors.set(rule, `${detector}/${rule.id}`);
        const { queries, missing } = rule.search(store.macros);
        const own: RuleQuestion[] = [];
        for (const query of queries) if (await isStored(query)) own.push({ rule, query });
        questions.push(...own);
        if (own.length > 0) {
          this.#rules++;
          for (const field of rule.untold?.() ?? []) this.#notAsked.addPart(detector, rule, field);
        } else this.#notAsked.add(detector, rule, queries.length > 0 ? undefined : missing[0]);
      }
    }
    for (const { query } of questions) for (const kind of kindsOf(query)) this.#kinds.add(kind);
    return questions;
  }

  async scan(questions: readonly RuleQuestion[]): Promise<void> {
    const { store, signal, threads, maxRows } = this.#options;
    if (questions.length === 0) return;
    const kinds = new Set(questions.flatMap(({ query }) => query.kind ?? []));
    const totals = await Promise.all([...kinds].map((kind) => store.count(kind)));
    const total = totals.reduce((sum, count) => sum + count, 0);
    let done = 0;
    const found = await scanStored(questions, {
      store,
      shape: { columns: kept, order, most: maxRows },
      threads,
      signal,
      onRows: (kind, rows) => {
        done += rows;
        const what = `${questions.length} questions of rules to ${kind} events`;
        this.#options.onProgress({ phase: 'detect', what, done, total });
      },
    });
    for (const [place, matches] of found.all()) {
      const question = questions[place];
      if (question !== undefined) this.#kept.addAll(question.rule, matches);
    }
  }

  /** Has the store answer a question, where its log source has events. */
  async ask(question: RuleQuestion): Promise<void> {
    if (!(await this.#filter.canAnswer(question.query))) return;
    const { store, timeoutMs, maxRows, signal, logger } = this.#options;
    const { rule, query } = question;
    const detector = this.#detectorOf(rule);
    try {
      const sql = `SELECT ${shownColumns(query)} FROM (${query.sql})`;
      const sorted = `${sql} ORDER BY time, evidence_id, evidence_at`;
      const { rows, isCut } = await store.userQuery(sorted, {
        timeoutMs,
        maxRows,
        ...(signal === undefined ? {} : { signal }),
      });
      const [all] = isCut ? await store.query(`SELECT count(*) AS n FROM (${sql})`) : [];
      const count = all === undefined ? rows.length : Number(all['n']);
      this.#kept.addAll(rule, { rows: rows.map((row) => withGroup(row, query)), count });
    } catch (error) {
      signal?.throwIfAborted();
      logger.error({ rule: rule.id, error: messageOf(error) }, 'a rule failed');
      this.#problems.push({ code: 'detector-failed', at: {}, message: `${detector}: ${messageOf(error)}` });
    }
  }

  async result(): Promise<RuleHunt> {
    const ranked = this.#kept.all().sort(byWeight);
    const { maxRows, store } = this.#options;
    const shares = shareRows(
      ranked.map(([, { rows }]) => rows.length),
      maxRows,
    );
    const counts = await Promise.all([...this.#kinds].map((kind) => store.count(kind)));
    const found = ranked.flatMap(([rule, own], at) => own.rows.slice(0, shares[at]).map((row) => [rule.title, ...row]));
    const { columns, rows } = huntedTable(found);
    return {
      columns,
      rows,
      isCut: rows.length < ranked.reduce((sum, [, { count }]) => sum + count, 0),
      matched: ranked.map(([rule, { count }]) => this.#told(rule, count)),
      rules: this.#rules,
      events: counts.reduce((sum, count) => sum + count, 0),
      problems: this.#problems,
      notChecked: this.#notAsked.told(),
    };
  }

  #told(rule: Rule, matches: number): HuntedRule {
    const { title, severity, attack } = rule;
    return { detector: this.#detectorOf(rule), title, severity, attack, matches };
  }

  #detectorOf(rule: Rule): string {
    return this.#detectors.get(rule) ?? rule.id;
  }
}

/** Kinds of the events that a question is about. */
function kindsOf({ kind, reads }: RuleQuery): readonly KindId[] {
  return kind === undefined ? (reads ?? []) : [kind];
}

/** What is best answered by reading all rows, and what by the store. */
function splitQuestions(questions: readonly RuleQuestion[]): {
  readonly scanned: readonly RuleQuestion[];
  readonly asked: readonly RuleQuestion[];
} {
  const scanned = new Set<RuleQuestion>();
  for (const [, own] of Map.groupBy(questions.filter(isScannable), ({ query }) => query.kind)) {
    const isMany = own.length >= leastScanned;
    for (const question of own) if (isMany || question.query.test !== undefined) scanned.add(question);
  }
  return { scanned: [...scanned], asked: questions.filter((question) => !scanned.has(question)) };
}

/** The most severe rules first, and of equals the rarest. */
function byWeight(
  [a, { count: matchesOfA }]: readonly [Rule, Kept],
  [b, { count: matchesOfB }]: readonly [Rule, Kept],
): number {
  return (
    severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
    matchesOfA - matchesOfB ||
    (a.title < b.title ? -1 : 1)
  );
}
