import type { EventRow, KindId } from '../../events/event.ts';
import type { Severity } from '../../events/finding.ts';
import type { Condition } from '../../match/condition/condition.ts';
import type { EventQuestion } from '../../match/event-set.ts';
import type { RecordFormat, RecordStream } from '../../match/record-stream.ts';
import type { RowFormat } from '../../match/row-format.ts';
import type { Macros } from '../../store/macros.ts';

/** A file of rules as it was given. */
export interface RuleText {
  readonly path: string;
  readonly text: string;
  /** Written for our events: a configuration that fits rules to other field names leaves it as it is. */
  readonly isFinal?: true;
}

/** A language that rules are written in: Falco's, Sigma's. Its front-end turns rules into conditions. */
export interface RuleLanguage<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it understands and what it leaves out: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  /** How sure a file is of this language, from its name and text; higher wins, 0 is no. Must not throw. */
  detect(name: string, text: string): 0 | 1 | 2 | 3;
  /** Records of evidence that only rules of this language are written for. */
  readonly streams?: readonly EvidenceStream[];
  /** Formats in which its rules ask about stored rows (`RowQuestion`), so that other threads know them by their ids. */
  readonly rowFormats?: readonly RowFormat[];
  /** Reads files in their order; a later one may change what an earlier one defined. Never throws on their content. */
  load(files: readonly RuleText[], options?: LoadOptions): RuleSet;
}

/** A format of evidence that a rule language brings itself. */
export interface EvidenceStream {
  /** Cheap look at the name and up to 64 KiB of decompressed content. Must not throw. */
  detect(name: string, head: Uint8Array): 'certain' | 'likely' | undefined;
  readonly records: RecordStream;
}

export interface LoadOptions {
  /** The language's own switches as text, `key=value`: Falco's `-o`. */
  readonly options?: readonly string[];
  /** Text of the language's own configuration file: falco.yaml, a Sigma pipeline. */
  readonly configuration?: readonly RuleText[];
}

/** What a load gave: the rules that stand, and what was wrong. */
export interface RuleSet {
  /** In their order; those that are switched off are among them. */
  readonly rules: readonly Rule[];
  /** One per file, in order. */
  readonly files: readonly RuleFileVerdict[];
  /** The report of `rules check` as the language's own tool prints it: for people, and its JSON object. */
  text(): string;
  json(): unknown;
  /** Judges records as they occur; undefined when no rule is for this kind of record. */
  runner<R>(format: RecordFormat<R>): RuleRunner<R> | undefined;
}

export interface RuleFileVerdict {
  readonly path: string;
  readonly isOk: boolean;
  readonly problems: readonly RuleProblem[];
}

export interface RuleProblem {
  readonly severity: 'error' | 'warning';
  /** The language's own code. */
  readonly code: string;
  readonly message: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly rule?: string;
}

export interface Rule {
  /** Unique in its set and lasting: the name (Falco), the UUID (Sigma). */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly tags: readonly string[];
  readonly isEnabled: boolean;
  /** What it judges, in the language's words: `syscall`, `windows/process_creation`. */
  readonly origin: string;
  /** Event types that the rule limits itself to at its beginning, where the language knows such. */
  readonly eventTypes?: readonly string[];
  readonly path: string;
  readonly line: number;
  /** What it asks of single events of this machine, for whoever wants to know which of them it needs; absent where it asks none. */
  asked?(): readonly AskedEvents[];
  /** How it looks back over stored events. */
  search(macros: Macros): RuleSearch;
  /** Whether records of a type (`RecordFormat.type`) can be what the rule is for; absent: any can. */
  judges?<R>(format: RecordFormat<R>, type: string): boolean;
  /**
   * Fields that `format` cannot give so that the rule can never be true there; none when it can fire. With `type`: only
   * records of that type are meant.
   */
  missing<R>(format: RecordFormat<R>, type?: string): readonly MissingField[];
  /**
   * Fields of the condition that none of the house's own events tells, so that the tests of them are false: what a rule does without where it can
   * still fire, and what it lacks where it cannot. Absent where the language does not know.
   */
  untold?(): readonly MissingField[];
}

/** Events that a rule is for. */
export interface AskedEvents {
  /** Kind of our events, in whose columns the condition speaks; undefined for one in the language's own fields. */
  readonly kind: KindId | undefined;
  readonly condition: Condition;
}

/** A field that is not there, and why. */
export interface MissingField {
  readonly field: string;
  readonly why: string;
}

/** Questions to a store that find what a rule matches. No queries: it can never match there, and `missing` says why. */
export interface RuleSearch {
  readonly queries: readonly RuleQuery[];
  readonly missing: readonly MissingField[];
}

export interface RuleQuery {
  /** Kind whose rows match; undefined when a row stands for several events (a correlation). */
  readonly kind: KindId | undefined;
  /** Kinds of the events that a row of no kind stands for. */
  readonly reads?: readonly KindId[];
  /**
   * SELECT without ORDER or LIMIT. Of a kind: all its columns, so that the caller may add `WHERE time …` around it. Else at least `time`,
   * `first_time`, `evidence_id`, `evidence_at`, `matches` (number of events) and the columns of `group`. May throw, and costs what it
   * takes to write it: read it once, and only to ask it.
   */
  readonly sql: string;
  /** Of a row that stands for several events: what they have in common. */
  readonly group?: readonly GroupField[];
  /**
   * Conditions over rows of the kind that many rules share (their log source), coarse ones first: where one holds for no
   * row, the query has no answer and need not be asked.
   */
  readonly probes?: readonly string[];
  /** The same asked of rows as they are read, for whoever has many rules; absent where only the store can tell. */
  readonly rows?: RowQuestion;
  /** Where no SQL says what the rule asks: the rows that it gives are asked one by one. They have `kind`, `time`, `event_dataset`, `fields` and `evidence_at`. */
  readonly test?: (row: EventRow) => boolean;
}

/** A field whose value the events of a row share. */
export interface GroupField {
  /** In the rule's words. */
  readonly field: string;
  /** Text column of the answer, as SQL. */
  readonly column: string;
  /** Column of events in which the value stands, where there is one. */
  readonly from: string | undefined;
}

/** What a rule asks of single rows of a kind, in fields of a format: any of the questions. */
export interface RowQuestion {
  readonly format: RowFormat;
  readonly questions: readonly EventQuestion[];
}

/** One match as it occurred. Texts are made when asked for, while the record is still there. */
export interface RuleMatch {
  readonly rule: Rule;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  /** The line that the language's own tool would print, as text and as JSON, without a line end. */
  readonly text: string;
  readonly json: string;
}

export interface RuleRunner<R> {
  /** Matches of this record, in the order of the rules. */
  judge(record: R): readonly RuleMatch[];
  /** What is known only at the end: correlations whose window is still open. */
  end(): readonly RuleMatch[];
}

/** Checks a definition while keeping its literal id. */
export function defineRuleLanguage<const Id extends string>(language: RuleLanguage<Id>): RuleLanguage<Id> {
  return language;
}
