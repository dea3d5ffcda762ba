import type { RuleText } from '../rule-language.ts';
import { collect, SigmaError } from './error.ts';
import { applyFilters } from './filters.ts';
import { isReferredTo, type Loaded, type LoadedFault, type LoadedFilter } from './loaded.ts';
import type { Reference, SigmaCorrelation, SigmaDocument, SigmaRule } from './model.ts';
import { processCorrelation, processRule, readPipelines, type Pipeline } from './pipeline/pipeline.ts';
import { readSigmaFile, type ReadDocument } from './read/file.ts';

export interface SigmaCollection {
  /** In their order, filters applied. */
  readonly rules: readonly Loaded<SigmaRule>[];
  /** Those whose rules are all there, each after the correlations that it refers to. */
  readonly correlations: readonly ResolvedCorrelation[];
  readonly faults: readonly LoadedFault[];
}

export interface ResolvedCorrelation extends Loaded<SigmaCorrelation> {
  /** What `rules` refers to, in the same order. */
  readonly parts: readonly (Loaded<SigmaRule> | ResolvedCorrelation)[];
}

/** Reads files of rules, correlations and filters that may refer to each other across files. */
export function collectSigma(files: readonly RuleText[], pipelineFiles: readonly RuleText[] = []): SigmaCollection {
  const faults: LoadedFault[] = [];
  const pipelines = readPipelines(pipelineFiles, faults);
  const final = new Set(files.filter(({ isFinal }) => isFinal).map(({ path }) => path));
  const rules: Loaded<SigmaRule>[] = [];
  const correlations: Loaded<SigmaCorrelation>[] = [];
  const filters: LoadedFilter[] = [];
  const ids = new Map<string, string>();
  for (const { path, text } of files) {
    for (const read of readSigmaFile(text)) {
      noteFaults(read, path, faults);
      const { document } = read;
      if (document === undefined || isRepeated(document, path, ids, faults)) continue;
      if (document.kind === 'rule') rules.push({ document, path });
      else if (document.kind === 'correlation') correlations.push({ document, path });
      else filters.push({ document, path });
    }
  }
  const filtered = applyFilters(rules, filters, faults).flatMap((loaded) =>
    processed(loaded, final.has(loaded.path) ? [] : pipelines, faults, processRule),
  );
  const renamed = correlations.flatMap((loaded) =>
    processed(loaded, final.has(loaded.path) ? [] : pipelines, faults, (correlation, own) =>
      processCorrelation(correlation, partsOf(correlation, filtered), own),
    ),
  );
  return { rules: filtered, correlations: new Resolver(filtered, renamed, faults).resolve(), faults };
}

/** One that a pipeline refuses is left out, and said so. */
function processed<D extends SigmaRule | SigmaCorrelation>(
  { document, path }: Loaded<D>,
  pipelines: readonly Pipeline[],
  faults: LoadedFault[],
  process: (document: D, pipelines: readonly Pipeline[]) => D,
): Loaded<D>[] {
  if (pipelines.length === 0) return [{ document, path }];
  const errors: SigmaError[] = [];
  const done = collect(errors, () => process(document, pipelines));
  for (const error of errors) faults.push({ severity: 'error', error, path, title: document.title });
  return done === undefined ? [] : [{ document: done, path }];
}

/** The rules that a correlation names itself. */
function partsOf(correlation: SigmaCorrelation, rules: readonly Loaded<SigmaRule>[]): SigmaRule[] {
  return rules.flatMap(({ document }) =>
    correlation.rules.some((reference) => isReferredTo(reference, document)) ? [document] : [],
  );
}

function noteFaults(read: ReadDocument, path: string, faults: LoadedFault[]): void {
  const { title } = read;
  for (const error of read.errors) faults.push({ severity: 'error', error, path, title });
  for (const error of read.warnings) faults.push({ severity: 'warning', error, path, title });
}

/** Of rules with one id the first counts: the same file may be given twice. */
function isRepeated(document: SigmaDocument, path: string, ids: Map<string, string>, faults: LoadedFault[]): boolean {
  if (document.id === undefined) return false;
  const before = ids.get(document.id);
  ids.set(document.id, before ?? path);
  if (before === undefined) return false;
  const error = new SigmaError('SigmaIdentifierError', `the id is that of a rule in ${before}`, document.at);
  faults.push({ severity: 'warning', error, path, title: document.title });
  return true;
}

type Outcome = ResolvedCorrelation | 'open' | 'failed';

class Resolver {
  readonly #byReference = new Map<string, Loaded>();
  readonly #correlations: readonly Loaded<SigmaCorrelation>[];
  readonly #faults: LoadedFault[];
  readonly #outcomes = new Map<SigmaCorrelation, Outcome>();
  readonly #order: ResolvedCorrelation[] = [];

  constructor(
    rules: readonly Loaded<SigmaRule>[],
    correlations: readonly Loaded<SigmaCorrelation>[],
    faults: LoadedFault[],
  ) {
    this.#correlations = correlations;
    this.#faults = faults;
    for (const loaded of [...rules, ...correlations]) {
      const { id, name } = loaded.document;
      for (const key of [id, name]) {
        if (key !== undefined && !this.#byReference.has(key)) this.#byReference.set(key, loaded);
      }
    }
  }

  resolve(): readonly ResolvedCorrelation[] {
    for (const correlation of this.#correlations) this.#resolve(correlation, 0);
    return this.#order;
  }

  #resolve(loaded: Loaded<SigmaCorrelation>, depth: number): Outcome {
    const { document } = loaded;
    const before = this.#outcomes.get(document);
    if (before !== undefined) return before;
    this.#outcomes.set(document, 'open');
    const parts = document.rules.map((reference) => this.#part(loaded, reference, depth));
    const whole = parts.filter((part) => part !== undefined);
    const outcome: Outcome = whole.length === parts.length ? { ...loaded, parts: whole } : 'failed';
    this.#outcomes.set(document, outcome);
    if (outcome !== 'failed') this.#order.push(outcome);
    return outcome;
  }

  #part(
    from: Loaded<SigmaCorrelation>,
    reference: Reference,
    depth: number,
  ): Loaded<SigmaRule> | ResolvedCorrelation | undefined {
    const found = this.#byReference.get(reference.to) ?? this.#byReference.get(reference.to.toLowerCase());
    if (found === undefined) {
      return this.#fail(from, 'SigmaRuleNotFoundError', `no rule has the id or name "${reference.to}"`, reference);
    }
    if (found.document.kind === 'rule') return found as Loaded<SigmaRule>;
    if (depth === maxChain) {
      return this.#fail(from, 'SigmaCorrelationRuleError', `more than ${maxChain} correlations in a chain`, reference);
    }
    const outcome = this.#resolve(found as Loaded<SigmaCorrelation>, depth + 1);
    if (outcome === 'open') {
      return this.#fail(from, 'SigmaCorrelationRuleError', `"${reference.to}" refers back to it`, reference);
    }
    if (outcome !== 'failed') return outcome;
    return this.#fail(from, 'SigmaRuleNotFoundError', `"${reference.to}" has errors itself`, reference);
  }

  #fail(
    { document, path }: Loaded<SigmaCorrelation>,
    code: 'SigmaRuleNotFoundError' | 'SigmaCorrelationRuleError',
    message: string,
    reference: Reference,
  ): undefined {
    const error = new SigmaError(code, message, reference.at);
    this.#faults.push({ severity: 'error', error, path, title: document.title });
  }
}

/** Correlations of correlations; published ones have one or two. */
const maxChain = 32;
