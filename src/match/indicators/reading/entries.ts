import { quote, type Problem } from '../../../base/problem.ts';
import type { Location } from '../../../base/errors.ts';
import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import type { Indicator, IndicatorKind } from '../format.ts';
import { classify, normalise } from '../normalise.ts';

/** What a list says of an entry beside its value. */
export interface EntryDetails {
  readonly description?: string | undefined;
  readonly confidence?: number | undefined;
  readonly expires_at?: Micros | undefined;
}

/** Longest description that is kept; what goes past it is cut. A list chooses the length. */
const maxDescriptionChars = 300;

/** Gathers the entries and problems of one batch: every format hands its raw values to it. */
export class EntryBatch {
  readonly indicators: Indicator[] = [];
  readonly problems: Problem[];

  /** Begins with what the reader met in the piece of text. */
  constructor(problems: readonly Problem[] = []) {
    this.problems = [...problems];
  }

  /** Adds the value in normal form, its kind told by the list or (`undefined`) by its shape; else a problem. */
  add(kind: IndicatorKind | undefined, text: string, at: Location, details: EntryDetails = noDetails): void {
    const normal = kind === undefined ? classify(text) : normalise(kind, text);
    if (typeof normal === 'string') {
      this.problem('bad-value', at, `${quote(text)} ${normal}; it was left out`);
      return;
    }
    this.indicators.push({
      kind: normal.kind,
      value: normal.value,
      description: descriptionOf(details.description, normal.port),
      confidence: confidenceOf(details.confidence),
      expires_at: details.expires_at ?? null,
    });
  }

  problem(code: Problem['code'], at: Location, message: string): void {
    this.problems.push({ code, at, message });
  }
}

const noDetails: EntryDetails = {};

function descriptionOf(description: string | undefined, port: number | undefined): string | null {
  const text =
    port === undefined ? description : [description, `port ${port}`].filter((part) => part !== undefined).join('; ');
  if (text === undefined || text === '') return null;
  return text.length > maxDescriptionChars ? `${text.slice(0, maxDescriptionChars - 1)}…` : text;
}

/** 0 to 100, whole; anything outside is pulled to the nearer end. */
function confidenceOf(confidence: number | undefined): number | null {
  if (confidence === undefined || !Number.isFinite(confidence)) return null;
  return Math.round(Math.min(100, Math.max(0, confidence)));
}

/** Parts that are there, joined to one description. */
export function joined(parts: readonly (string | undefined)[]): string | undefined {
  const kept = [...new Set(parts.map((part) => part?.trim()).filter((part) => part !== undefined && part !== ''))];
  return kept.length === 0 ? undefined : kept.join('; ');
}

/** A time as lists write it: ISO 8601, `2024-05-01`, `2024-05-01 10:00:00 UTC`, or epoch seconds. Undefined for anything else. */
export function parseListTime(text: string): Micros | undefined {
  const trimmed = text.trim().replace(/ (?:UTC|GMT)$/, '');
  if (/^\d{9,10}(?:\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1e6);
  return parseIsoMicros(/^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? `${trimmed}T00:00` : trimmed);
}

/** `90`, `90%`, `0.9`, `high`: 0 to 100. Undefined for anything else. */
export function parseConfidence(text: string): number | undefined {
  const word = confidenceWords.get(text.trim().toLowerCase());
  if (word !== undefined) return word;
  const match = /^(?<number>\d+(?:\.\d+)?)\s?%?$/.exec(text.trim());
  if (match === null) return undefined;
  const number = Number(match.groups?.['number']);
  return text.includes('.') && number <= 1 ? number * 100 : number;
}

/** Words of the STIX 2.1 scales (appendix A): none, low, medium, high. */
const confidenceWords: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['low', 15],
  ['medium', 50],
  ['med', 50],
  ['high', 85],
]);
