import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import { createLocalNetworks } from '../base/networks.ts';
import { formatLocation } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { LiveJudge } from '../detect/analytic.ts';
import { kindIds } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { Silencing, Suppression } from '../incidents/suppress/suppression.ts';
import { markClosed, markOpen, noteEdit, wasEdited } from '../store/closed-mark.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import type { Forgotten, Store, UserQueryResult } from '../store/store.ts';
import { loadAssets } from './assets.ts';
import { packetIndexFolder } from './capture-indexing.ts';
import { detect, type CaseDetectOptions, type DetectResult } from './detect.ts';
import { OwnNetworks } from './own-networks.ts';
import { surroundingsOf, type Surroundings } from './correlate.ts';
import { detectNews } from './detect-news.ts';
import { enrich } from './enrich.ts';
import { huntRules } from './hunt-rules.ts';
import { ingest, type IngestSummary } from './ingest.ts';
import { loadIndicators } from './indicators.ts';
import { judge } from './judge.ts';
import { liveJudges } from './live-judges.ts';
import type { KnownContents } from './known-contents.ts';
import { loadMappings } from './mappings.ts';
import { News, type Stored } from './news.ts';
import { keepInspection, type KeptInspection } from './inspection.ts';
import type {
  CallOptions,
  Exported,
  InspectionRequest,
  InvestigateRequest,
  QueryRequest,
  RuleHunt,
  RuleHuntRequest,
  Verdict,
  WhatIf,
  WhatIfRequest,
} from './service.ts';
import { assertSound, faultsOf } from './rule-faults.ts';
import type { LoadedSet } from './run-rules.ts';
import { withInspection, type KeptInspections } from './seen-again.ts';
import { loadRuleSets, loadSets, searchRuleSets } from './search-rules.ts';
import { LastWhole } from './last-whole.ts';
import { readSuppressions } from './suppressions.ts';
import { Turns } from './turns.ts';
import { readSuppressed, readVerdict } from './verdict.ts';
import { whatIf } from './what-if.ts';
import type { CaseSettings } from './case-settings.ts';
import type { NewsRequest, NewsVerdict, OwnedCase, RetentionBound } from './owned-case.ts';

export interface LocalCaseOptions {
  readonly folder: string;
  readonly settings: CaseSettings;
  readonly logger: Logger;
  /** µs. The case is where time comes from; everything below is given it. */
  readonly now: () => Micros;
  /** When it comes, what is being calculated is given up at once: for the end of the process. */
  readonly signal?: AbortSignal;
}

/** Opens the case as its owner. Throws `STORE_LOCKED` when another process owns it. */
export async function openLocalCase(options: LocalCaseOptions): Promise<OwnedCase> {
  const networks = createLocalNetworks(options.settings.localNetworks);
  const { memoryBytes, threads, returnsMemory } = options.settings;
  const file = storeFile(options.folder);
  const isEdited = wasEdited(file);
  const store = await openDuckdbStore({
    folder: options.folder,
    networks,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(threads === undefined ? {} : { threads }),
    ...(returnsMemory === undefined ? {} : { returnsMemory }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onDamaged: (files) => {
      for (const path of files) options.logger.warn({ path }, 'a file of sealed events was gone or damaged');
      noteEdit(file, options.now() / 1000);
    },
  });
  markOpen(file);
  if (isEdited) {
    noteEdit(file, options.now() / 1000);
    options.logger.warn({ path: file }, 'another program wrote the store since it was closed');
  }
  const ours = new OwnNetworks(store, options.settings.localNetworks);
  await ours.useKnown();
  return new LocalCase(options, store, ours);
}

type DetectRequest = Pick<InvestigateRequest, 'since' | 'until' | 'only' | 'skip'>;

class LocalCase implements OwnedCase {
  readonly #options: LocalCaseOptions;
  readonly #store: Store;
  readonly #ours: OwnNetworks;
  /** Judgements run one after another: each ends with a verdict over everything. */
  readonly #judging = new Turns();
  /** What comes in is read while something is judged: whoever judges sees what was there when it asked. */
  readonly #reading = new Turns();
  readonly #news = new News();
  readonly #suppressions = new LastWhole<readonly Suppression[]>();
  readonly #mapped = new LastWhole<ReturnType<typeof loadMappings>>();
  /** What the last look at followed files left, until somebody else reads. */
  #known: KnownContents | undefined;
  /** Of the last judgement of everything. */
  #surroundings: Surroundings | undefined;
  /** All that was found in the last judgement, also what is suppressed. */
  #found: readonly Finding[] | undefined;

  constructor(options: LocalCaseOptions, store: Store, ours: OwnNetworks) {
    this.#options = options;
    this.#store = store;
    this.#ours = ours;
  }

  async investigate(request: InvestigateRequest, call: CallOptions): Promise<Verdict> {
    return this.#judging.take(() => this.#investigate(request, call));
  }

  async judgeAll(request: InvestigateRequest, rules: readonly LoadedSet[], call: CallOptions): Promise<Verdict> {
    return this.#judging.take(() => this.#investigate(request, call, rules));
  }

  async #investigate(request: InvestigateRequest, call: CallOptions, loaded?: readonly LoadedSet[]): Promise<Verdict> {
    const { settings, logger, now } = this.#options;
    const store = this.#store;
    const problems: Problem[] = [];
    // An error in them stops before the work, not after it.
    this.#silencing((fault) => problems.push(fault));
    const mapped = loadMappings([...settings.mappingFiles, ...(request.mappings ?? [])]);
    const onProgress = call.onProgress ?? ((): void => undefined);
    const summary = await this.#reading.take(async () => {
      this.#known = undefined;
      const read = await ingest(request.paths, {
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
      // All that stands there now is about to be judged.
      this.#news.take(store.macros);
      return read;
    });
    problems.push(...summary.problems);
    problems.push(...(await loadIndicators(store, request.indicators, settings.limits)));
    onProgress({ phase: 'enrich', what: 'names, addresses, prevalence', done: 0, total: 1 });
    const passedBy = await this.#ours.look();
    const list = loadAssets(settings.assetFiles);
    problems.push(...list.problems);
    const { networks } = this.#ours;
    problems.push(...(await enrich({ store, networks, assets: list.assets, logger }, call.signal)));
    call.signal?.throwIfAborted();
    const rules = loaded ?? loadRuleSets(this.#rulesOf(request.rules));
    const result = await this.#detect(request, rules, call);
    // A half verdict must not stand where the whole one stood.
    call.signal?.throwIfAborted();
    problems.push(...result.problems);
    onProgress({ phase: 'correlate', what: `${result.findings.length} findings`, done: 0, total: 1 });
    this.#surroundings = await surroundingsOf(store);
    await this.#conclude(result.findings, this.#surroundings);
    await this.#savePlaceless(problems, { ...result, notChecked: [...passedBy, ...result.notChecked] });
    return readVerdict(store, this.#options.folder);
  }

  async follow(paths: readonly string[], options: Parameters<OwnedCase['follow']>[1]): Promise<IngestSummary> {
    const { settings, logger, now } = this.#options;
    return this.#reading.take(async () => {
      const { limits, bulkMinBytes, sealRows } = settings;
      const known = this.#known;
      this.#known = undefined;
      const faults: Problem[] = [];
      const mapped = this.#mapped.read(
        () => loadMappings(settings.mappingFiles),
        (fault) => faults.push(fault),
      );
      const fixed = { store: this.#store, mapped, limits, bulkMinBytes, now, logger, onProgress: () => undefined };
      const onStored = (stored: Stored): void => this.#news.add(stored);
      const summary = await ingest(paths, { ...fixed, ...options, onStored, ...(known && { known }) });
      this.#known = summary.known;
      if (summary.events > 0) await this.#store.seal(sealRows);
      return { ...summary, problems: [...faults, ...summary.problems] };
    });
  }

  async judgeNews(request: NewsRequest, call: CallOptions): Promise<NewsVerdict> {
    return this.#judging.take(async () => {
      const news = this.#news.take(this.#store.macros);
      const fired = request.takeFired();
      if (news === undefined) return { incidents: await this.#store.incidents(), problems: [] };
      const known = this.#found ?? (await this.#told());
      const options = { ...this.#detectOptions({ only: [], skip: [] }, call), store: this.#store };
      const { findings, problems } = await detectNews({ ...options, rules: request.rules, fired, news, known });
      const isChanged = findings.length > known.length || findings.some((finding, at) => finding !== known[at]);
      if (isChanged) await this.#conclude(findings, this.#surroundings, (fault) => problems.push(fault));
      return { incidents: await this.#store.incidents(), problems };
    });
  }

  async liveJudge(): Promise<LiveJudge> {
    return liveJudges(this.#store, this.#ours.networks, this.#options.settings.analytics);
  }

  async reapply(): Promise<Verdict> {
    return this.#judging.take(async () => {
      // Who asks for it has just written them, and wants to know what is wrong with them.
      readSuppressions(this.#options.folder);
      await this.#conclude(await this.#told());
      return readVerdict(this.#store, this.#options.folder);
    });
  }

  /** All that detectors have found, also what is suppressed. */
  async #told(): Promise<Finding[]> {
    const suppressed = await readSuppressed(this.#store);
    return [...(await this.#store.findings()), ...suppressed.map(({ finding }) => finding)];
  }

  /** Judges what was found, and stores findings and incidents. */
  async #conclude(
    found: readonly Finding[],
    surroundings?: Surroundings,
    onFault: (problem: Problem) => void = () => undefined,
  ): Promise<void> {
    const { now } = this.#options;
    const silencing = this.#silencing(onFault);
    const { findings, suppressed, incidents } = await judge(this.#store, found, silencing, now(), surroundings);
    await this.#store.saveVerdict(findings, incidents);
    await this.#store.setSetting('suppressed', JSON.stringify(suppressed));
    this.#found = found;
  }

  #silencing(onFault: (problem: Problem) => void): Silencing[] {
    const own = this.#suppressions.read(() => readSuppressions(this.#options.folder), onFault);
    return [...own, ...this.#options.settings.silencing];
  }

  async whatIf(request: WhatIfRequest, call: CallOptions): Promise<WhatIf> {
    return this.#judging.take(async () =>
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
  }

  async join(request: InspectionRequest, call: CallOptions): Promise<Verdict> {
    return this.#judging.take(async () => {
      const kept = await keepInspection(request, this.#store, this.#options.now());
      const paths = new Map((await this.#store.evidence()).map(({ evidence_id: id, path }) => [id, path]));
      const all = withInspection(await this.#inspections(), request.inspection, kept, (id) => paths.get(id));
      await this.#store.setSetting('inspections', JSON.stringify(all));
      return this.#investigate({ paths: [], only: [], skip: [], indicators: [], rules: [] }, call);
    });
  }

  /** What inspections found, by command and subject. */
  async #inspections(): Promise<KeptInspections> {
    return JSON.parse((await this.#store.setting('inspections')) ?? '{}') as KeptInspections;
  }

  #detectOptions(request: DetectRequest, call: CallOptions): CaseDetectOptions {
    return {
      store: this.#store,
      networks: this.#ours.networks,
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

  async #detect(request: DetectRequest, rules: readonly LoadedSet[], call: CallOptions): Promise<DetectResult> {
    const options = this.#detectOptions(request, call);
    const parts: (DetectResult | KeptInspection)[] = [await detect(options), await searchRuleSets(rules, options)];
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

  async huntRules(request: RuleHuntRequest, call: CallOptions): Promise<RuleHunt> {
    const { rules, pipelines, timeoutMs, maxRows } = request;
    const sets = loadSets([...pipelines, ...rules]);
    const faults = sets.flatMap(({ set }) => faultsOf(set));
    assertSound(faults, [...pipelines, ...rules]);
    const { logger, settings } = this.#options;
    const onProgress = call.onProgress ?? ((): void => undefined);
    const hunt = await huntRules(sets, {
      store: this.#store,
      logger,
      timeoutMs,
      maxRows,
      threads: settings.threads,
      signal: call.signal,
      onProgress,
    });
    return { ...hunt, problems: [...faults, ...hunt.problems] };
  }

  async explain(sql: string): Promise<string> {
    return this.#store.explain(sql);
  }

  async retain(olderThan: Micros): Promise<number> {
    const forgotten = await this.forget({ kinds: kindIds, olderThan });
    return forgotten.reduce((sum, { events }) => sum + events, 0);
  }

  async forget(bound: RetentionBound): Promise<readonly Forgotten[]> {
    const drop = (): Promise<readonly Forgotten[]> =>
      'olderThan' in bound
        ? this.#store.retain(bound.olderThan, bound.kinds)
        : this.#store.shrink(bound.maxBytes, bound.kinds, this.#options.now());
    // Files of events vanish, which nobody may be reading.
    return this.#judging.take(() => this.#reading.take(drop));
  }

  async close(): Promise<void> {
    await this.#judging.take(() => this.#reading.take(() => this.#store.close()));
    markClosed(storeFile(this.#options.folder));
  }
}

function storeFile(folder: string): string {
  return join(folder, 'case.duckdb');
}

function signalOf(call: CallOptions): { signal?: AbortSignal } {
  return call.signal === undefined ? {} : { signal: call.signal };
}
