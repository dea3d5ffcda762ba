import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import { createLocalNetworks, type LocalNetworks } from '../base/networks.ts';
import { formatLocation } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import { defaultOpenLimits, type OpenLimits } from '../collect/open/limits.ts';
import type { Micros } from '../base/time.ts';
import type { KindId } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import type { Store, UserQueryResult } from '../store/store.ts';
import { loadAssets } from './assets.ts';
import { packetIndexFolder } from './capture-indexing.ts';
import { detect, type DetectOptions, type DetectResult } from './detect.ts';
import { enrich } from './enrich.ts';
import type { FollowedFiles } from './followed-files.ts';
import { ingest, type IngestOptions, type IngestSummary } from './ingest.ts';
import { loadIndicators } from './indicators.ts';
import { judge } from './judge.ts';
import { loadMappings } from './mappings.ts';
import { keepInspection, type KeptInspection } from './inspection.ts';
import type {
  CallOptions,
  CaseService,
  Exported,
  InspectionRequest,
  InvestigateRequest,
  QueryRequest,
  Verdict,
  WhatIf,
  WhatIfRequest,
} from './service.ts';
import { searchRules } from './search-rules.ts';
import { readSuppressions } from './suppressions.ts';
import { readVerdict } from './verdict.ts';
import { whatIf } from './what-if.ts';

export interface CaseSettings {
  readonly localNetworks: readonly string[];
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
  readonly bulkMinBytes: number;
  /** Hot rows of a kind above which they are moved into sealed parts after ingesting. */
  readonly sealRows: number;
  readonly limits: OpenLimits;
  /** Lists of the organisation's machines, people and networks: absolute paths. */
  readonly assetFiles: readonly string[];
  /** Files that describe logs of somebody's own: absolute paths. */
  readonly mappingFiles: readonly string[];
  /** Settings of each analytic, by id. */
  readonly analytics: Readonly<Record<string, unknown>>;
  /** What the settings of zones silence, after the suppressions of the case. */
  readonly silencing: readonly Silencing[];
  /** Paths of Sigma's processing pipelines for the rules of a request. */
  readonly pipelines: readonly string[];
}

export const defaultCaseSettings: CaseSettings = {
  localNetworks: createLocalNetworks().cidrs,
  memoryBytes: undefined,
  threads: undefined,
  bulkMinBytes: 8_000_000,
  sealRows: 1_000_000,
  limits: defaultOpenLimits,
  assetFiles: [],
  mappingFiles: [],
  analytics: {},
  silencing: [],
  pipelines: [],
};

export interface LocalCaseOptions {
  readonly folder: string;
  readonly settings: CaseSettings;
  readonly logger: Logger;
  /** µs. The case is where time comes from; everything below is given it. */
  readonly now: () => Micros;
}

/** A case in the process that owns it. */
export interface OwnedCase extends CaseService {
  /** Reads what has come to the paths since the last time, without judging. Shows events that were read record by record. */
  follow(
    paths: readonly string[],
    options: Pick<IngestOptions, 'amend' | 'onCommitted' | 'signal' | 'hostName'> & {
      readonly followed: FollowedFiles;
    },
  ): Promise<IngestSummary>;
  /** Forgets events of some kinds that are older; the ledger keeps what they were read from. Returns how many went. */
  forget(olderThan: Micros, kinds: readonly KindId[]): Promise<number>;
}

/** Opens the case as its owner. Throws `STORE_LOCKED` when another process owns it. */
export async function openLocalCase(options: LocalCaseOptions): Promise<OwnedCase> {
  const networks = createLocalNetworks(options.settings.localNetworks);
  const { memoryBytes, threads } = options.settings;
  const store = await openDuckdbStore({
    folder: options.folder,
    networks,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(threads === undefined ? {} : { threads }),
  });
  return new LocalCase(options, store, networks);
}

type DetectRequest = Pick<InvestigateRequest, 'since' | 'until' | 'only' | 'skip'>;

class LocalCase implements OwnedCase {
  readonly #options: LocalCaseOptions;
  readonly #store: Store;
  readonly #networks: LocalNetworks;
  /** Investigations run one after another: each ends with a verdict over everything. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: LocalCaseOptions, store: Store, networks: LocalNetworks) {
    this.#options = options;
    this.#store = store;
    this.#networks = networks;
  }

  async investigate(request: InvestigateRequest, call: CallOptions): Promise<Verdict> {
    const turn = this.#queue.then(() => this.#investigate(request, call));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #investigate(request: InvestigateRequest, call: CallOptions): Promise<Verdict> {
    const { settings, logger, now } = this.#options;
    const store = this.#store;
    // An error in them stops before the work, not after it.
    readSuppressions(this.#options.folder);
    const mapped = loadMappings([...settings.mappingFiles, ...(request.mappings ?? [])]);
    const onProgress = call.onProgress ?? ((): void => undefined);
    const summary = await ingest(request.paths, {
      store,
      packetIndexFolder: packetIndexFolder(this.#options.folder),
      limits: settings.limits,
      bulkMinBytes: settings.bulkMinBytes,
      now,
      logger,
      signal: call.signal,
      mapped,
      onProgress: ({ path, doneBytes, totalBytes, events }) =>
        onProgress({ phase: 'ingest', what: path, done: doneBytes, total: totalBytes, events }),
    });
    await store.seal(settings.sealRows);
    const problems: Problem[] = [...summary.problems];
    problems.push(...(await loadIndicators(store, request.indicators, settings.limits)));
    onProgress({ phase: 'enrich', what: 'names, addresses, prevalence', done: 0, total: 1 });
    const list = loadAssets(settings.assetFiles);
    problems.push(...list.problems);
    problems.push(...(await enrich({ store, networks: this.#networks, assets: list.assets, logger })));
    const result = await this.#detect(request, call);
    problems.push(...result.problems);
    onProgress({ phase: 'correlate', what: `${result.findings.length} findings`, done: 0, total: 1 });
    await this.#conclude(result.findings);
    await this.#savePlaceless(problems, result);
    return readVerdict(store, this.#options.folder);
  }

  async follow(paths: readonly string[], options: Parameters<OwnedCase['follow']>[1]): Promise<IngestSummary> {
    const { settings, logger, now } = this.#options;
    const turn = this.#queue.then(async () => {
      const { limits, bulkMinBytes, sealRows } = settings;
      const mapped = loadMappings(settings.mappingFiles);
      const fixed = { store: this.#store, mapped, limits, bulkMinBytes, now, logger, onProgress: () => undefined };
      const summary = await ingest(paths, { ...fixed, ...options });
      if (summary.events > 0) await this.#store.seal(sealRows);
      return summary;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async reapply(): Promise<Verdict> {
    const turn = this.#queue.then(async () => {
      const suppressed = (await readVerdict(this.#store, this.#options.folder)).suppressed ?? [];
      const all = [...(await this.#store.findings()), ...suppressed.map(({ finding }) => finding)];
      await this.#conclude(all);
      return readVerdict(this.#store, this.#options.folder);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Judges what was found, and stores findings and incidents. */
  async #conclude(found: readonly Finding[]): Promise<void> {
    const { now } = this.#options;
    const { findings, suppressed, incidents } = await judge(this.#store, found, this.#silencing(), now());
    await this.#store.saveVerdict(findings, incidents);
    await this.#store.setSetting('suppressed', JSON.stringify(suppressed));
  }

  #silencing(): Silencing[] {
    return [...readSuppressions(this.#options.folder), ...this.#options.settings.silencing];
  }

  async whatIf(request: WhatIfRequest, call: CallOptions): Promise<WhatIf> {
    const turn = this.#queue.then(async () =>
      whatIf(
        { ...request, rules: this.#rulesOf(request.rules) },
        {
          store: this.#store,
          detecting: this.#detectOptions({ ...request, only: [], skip: [] }, call),
          suppressions: readSuppressions(this.#options.folder),
          silencing: this.#options.settings.silencing,
          inspected: Object.values(await this.#inspections()).flatMap(({ findings }) => findings),
          now: this.#options.now(),
        },
      ),
    );
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async join(request: InspectionRequest, call: CallOptions): Promise<Verdict> {
    const turn = this.#queue.then(async () => {
      const kept = await keepInspection(request, this.#store, this.#options.now());
      const { by, subject } = request.inspection;
      const others = await this.#inspections();
      await this.#store.setSetting('inspections', JSON.stringify({ ...others, [`${by} ${subject}`]: kept }));
      return this.#investigate({ paths: [], only: [], skip: [], indicators: [], rules: [] }, call);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** What inspections found, by command and subject. */
  async #inspections(): Promise<Readonly<Record<string, KeptInspection>>> {
    return JSON.parse((await this.#store.setting('inspections')) ?? '{}') as Record<string, KeptInspection>;
  }

  #detectOptions(request: DetectRequest, call: CallOptions): DetectOptions {
    return {
      store: this.#store,
      networks: this.#networks,
      settings: this.#options.settings.analytics,
      since: request.since,
      until: request.until,
      only: request.only,
      skip: request.skip,
      logger: this.#options.logger,
      signal: call.signal,
      onProgress: ({ detector, done, total }) => call.onProgress?.({ phase: 'detect', what: detector, done, total }),
    };
  }

  /** Rule files of a request, with the pipelines that belong to rules of that kind. */
  #rulesOf(rules: readonly string[]): readonly string[] {
    return rules.length === 0 ? [] : [...rules, ...this.#options.settings.pipelines];
  }

  async #detect(request: InvestigateRequest, call: CallOptions): Promise<DetectResult> {
    const options = this.#detectOptions(request, call);
    const rules = this.#rulesOf(request.rules);
    const parts: (DetectResult | KeptInspection)[] = [await detect(options), await searchRules(rules, options)];
    parts.push(...Object.values(await this.#inspections()));
    return {
      findings: parts.flatMap(({ findings }) => findings),
      problems: parts.flatMap(({ problems }) => problems),
      notChecked: parts.flatMap(({ notChecked }) => notChecked),
      ran: [...new Set(parts.flatMap(({ ran }) => ran))],
    };
  }

  /** Problems of paths, archives and detectors, and what was not checked, belong to the last run; those of contents stay. */
  async #savePlaceless(problems: readonly Problem[], { notChecked, ran }: DetectResult): Promise<void> {
    await this.#store.derive(['DELETE FROM problem WHERE evidence_id IS NULL']);
    const placed = problems.map((problem) => {
      const { path } = problem.at;
      return path === undefined ? problem : { ...problem, message: `${formatLocation({ path })}: ${problem.message}` };
    });
    await this.#store.addProblems(null, placed);
    await this.#store.setSetting('not_checked', JSON.stringify(notChecked));
    await this.#store.setSetting('ran', JSON.stringify(ran));
  }

  async verdict(): Promise<Verdict> {
    return readVerdict(this.#store, this.#options.folder);
  }

  async query(request: QueryRequest, call: CallOptions): Promise<UserQueryResult> {
    return this.#store.userQuery(request.sql, { ...request, ...signalOf(call) });
  }

  async exportQuery(
    request: QueryRequest & { readonly format: 'parquet' | 'csv' },
    call: CallOptions,
  ): Promise<Exported> {
    const path = join(this.#store.stagingFolder, `export-${randomUUID()}`);
    const rows = await this.#store.exportQuery(request.sql, { ...request, path, ...signalOf(call) });
    return { path, rows };
  }

  async explain(sql: string): Promise<string> {
    return this.#store.explain(sql);
  }

  async retain(olderThan: Micros): Promise<number> {
    return this.#store.retain(olderThan);
  }

  async forget(olderThan: Micros, kinds: readonly KindId[]): Promise<number> {
    const turn = this.#queue.then(() => this.#store.retain(olderThan, kinds));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#store.close();
  }
}

function signalOf(call: CallOptions): { signal?: AbortSignal } {
  return call.signal === undefined ? {} : { signal: call.signal };
}
