import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { KindId } from '../events/event.ts';
import type { Finding, Severity } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import type { Suppressed } from '../incidents/suppress/suppress.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';
import type { Inspection } from '../inspect/claim.ts';
import type { EvidenceRow, UserQueryResult } from '../store/store.ts';
import type { NotChecked } from './detect.ts';

/** What can be asked of a case, by its owner in the same process or by another one through the socket. All of it is plain data. */
export interface CaseService {
  investigate(request: InvestigateRequest, options: CallOptions): Promise<Verdict>;
  /** Keeps what an inspection found (replacing the one before of the same command and subject) and judges the whole case with it. */
  join(request: InspectionRequest, options: CallOptions): Promise<Verdict>;
  /** Applies the suppressions of the case anew to what the detectors have found, without running them. */
  reapply(): Promise<Verdict>;
  /** What a change of settings, suppressions or rules would have done, without storing anything. */
  whatIf(request: WhatIfRequest, options: CallOptions): Promise<WhatIf>;
  /** The verdict as it was last stored. */
  verdict(): Promise<Verdict>;
  query(request: QueryRequest, options: CallOptions): Promise<UserQueryResult>;
  /** Writes a whole result to a file inside the case; the caller moves it where it is wanted. */
  exportQuery(request: QueryRequest & { readonly format: 'parquet' | 'csv' }, options: CallOptions): Promise<Exported>;
  /** Asks rules of everything that is stored. Throws `CONFIG` when a file that is named has errors. */
  huntRules(request: RuleHuntRequest, options: CallOptions): Promise<RuleHunt>;
  explain(sql: string): Promise<string>;
  retain(olderThan: Micros): Promise<number>;
  close(): Promise<void>;
}

export interface InvestigateRequest {
  /** Absolute paths of files and folders. None: the stored events are judged anew. */
  readonly paths: readonly string[];
  readonly since?: Micros;
  readonly until?: Micros;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Absolute paths of indicator lists; each replaces the one of the same name. */
  readonly indicators: readonly string[];
  /** Absolute paths of rule files and folders of them, run beside the shipped ones. */
  readonly rules: readonly string[];
  /** Absolute paths of mapping files, beside those of the settings. */
  readonly mappings?: readonly string[];
}

/** An inspection with the hashes of the files that its claims point at, as far as they are files. Plain data. */
export interface InspectionRequest {
  readonly inspection: Inspection;
  readonly files: readonly InspectedFile[];
}

export interface InspectedFile {
  /** As in `Claim.path`. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

/** A change that somebody thinks of. What is left out stays as it is. */
export interface WhatIfRequest {
  readonly since?: Micros;
  readonly until?: Micros;
  /** Settings of all analytics, and what zones silence, instead of those in force. */
  readonly settings?: {
    readonly analytics: Readonly<Record<string, unknown>>;
    readonly silencing: readonly Silencing[];
  };
  /** Beside the suppressions of the case. */
  readonly suppressions: readonly Silencing[];
  /** Absolute paths of rule files and folders, beside the shipped rules. */
  readonly rules: readonly string[];
}

/** The same events judged as it is and as it would be. Plain data. */
export interface WhatIf {
  readonly before: Judgement;
  readonly after: Judgement;
}

/** Findings that are told, those that are not, and the incidents that grew from the told ones. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly incidents: readonly Incident[];
}

export interface QueryRequest {
  readonly sql: string;
  readonly timeoutMs: number;
  readonly maxRows: number;
}

export interface RuleHuntRequest {
  /** Absolute paths of rule files and folders of them. A file of a folder that has errors is passed over and told. */
  readonly rules: readonly string[];
  /** Absolute paths of Sigma's processing pipelines. */
  readonly pipelines: readonly string[];
  /** Of one question that the store answers. */
  readonly timeoutMs: number;
  readonly maxRows: number;
}

/** A value of a row, or what the events of a correlation have in common by field. */
export type HuntCell = UserQueryResult['rows'][number][number] | Readonly<Record<string, string>>;

/** Rows that rules match, those of the most severe rule first and in the order of time; rules with many share what `maxRows` leaves. */
export interface RuleHunt extends Omit<UserQueryResult, 'rows'> {
  readonly rows: readonly (readonly HuntCell[])[];
  /** Rules that matched, the most severe first and of equals the rarest. */
  readonly matched: readonly HuntedRule[];
  /** How many rules were asked, and how many events there are of the kinds that they ask. */
  readonly rules: number;
  readonly events: number;
  readonly problems: readonly Problem[];
  readonly notChecked: readonly NotChecked[];
}

export interface HuntedRule {
  readonly detector: string;
  readonly title: string;
  readonly severity: Severity;
  readonly attack: readonly string[];
  readonly matches: number;
}

export interface Exported {
  readonly path: string;
  readonly rows: number;
}

export interface Progress {
  readonly phase: 'ingest' | 'enrich' | 'detect' | 'correlate';
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly events?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Everything that a report says. */
export interface Verdict {
  readonly caseFolder: string;
  readonly evidence: readonly EvidenceSummary[];
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  /** Findings that a suppression covers: in no incident, and not among `findings`. */
  readonly suppressed?: readonly Suppressed[];
  /** With the path of their evidence. */
  readonly problems: readonly Problem[];
  readonly notChecked: readonly NotChecked[];
  /** Ids of the detectors that ran. */
  readonly ran: readonly string[];
  /** First and last plausible event; undefined without events. */
  readonly span: { readonly first: Micros; readonly last: Micros } | undefined;
}

export interface EvidenceSummary {
  readonly evidence_id: number;
  readonly path: string;
  readonly sha256: string;
  readonly source: string | null;
  readonly size: number;
  readonly is_complete: EvidenceRow['is_complete'];
  readonly events: Readonly<Partial<Record<KindId, number>>>;
  readonly problems: number;
}
