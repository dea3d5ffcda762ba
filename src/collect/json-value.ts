import type { Location } from '../base/errors.ts';
import { quote, type ProblemList } from '../base/problem.ts';
import { surveyJson } from './json-survey.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper nesting than any log writes. Deep values would overflow the stack of whoever walks them. */
const maxDepth = 200;

/**
 * A JSON object from its text. What cannot be one is a problem and undefined. Of a key that stands twice the last value
 * counts, with a problem; whole numbers beyond 2^53 become text, so that no digit is lost. A key such as `__proto__` is
 * a key like any other.
 */
export function parseJsonObject(text: string, at: Location, problems: ProblemList): JsonObject | undefined {
  const survey = surveyJson(text, maxDepth);
  if (survey.depth > maxDepth) {
    const message = `a record is nested deeper than ${maxDepth} levels: ${quote(text)}`;
    problems.add({ code: 'bad-record', at, message });
    return undefined;
  }
  const value = tryParse(text, survey.hasLargeNumber);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `${value === undefined ? 'a record is not valid JSON' : 'a record is no JSON object'}: ${quote(text)}`;
    problems.add({ code: 'bad-record', at, message });
    return undefined;
  }
  if (survey.duplicates.length > 0) {
    const keys = survey.duplicates.map((key) => quote(key)).join(', ');
    problems.add({
      code: 'duplicate-key',
      at,
      message: `a record has a key twice, and its last value counts: ${keys}`,
    });
  }
  return value as JsonObject;
}

/** The value of a JSON text; undefined when it is none. */
function tryParse(text: string, hasLargeNumber: boolean): unknown {
  try {
    return hasLargeNumber ? JSON.parse(text, withAllDigits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withAllDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? source : value;
}
