import type { Location } from '../base/errors.ts';
import { quote, type ProblemList } from '../base/problem.ts';
import { surveyJson } from './json-survey.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Deeper nesting than any log writes. Deep values would overflow the stack of whoever walks them. */
const maxDepth = 200;

/**
 * A JSON object from its text. What cannot be one is a problem and undefined. Of a key that stands twice the last value
 * counts, with a problem; whole numbers beyond 2^53 become text, so that no digit is lost; text that is no Unicode
 * (`"\\ud800"`) is mended. A key such as `__proto__` is a key like any other.
 */
export function parseJsonObject(text: string, at: Location, problems: ProblemList): JsonObject | undefined {
  const survey = surveyJson(text, maxDepth);
  if (survey.depth > maxDepth) {
    const message = `a record is nested deeper than ${maxDepth} levels: ${quote(text)}`;
    problems.add({ code: 'bad-record', at, message });
    return undefined;
  }
  const { value, isMended } = parseText(text, survey.hasLargeNumber);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `${value === undefined ? 'a record is not valid JSON' : 'a record is no JSON object'}: ${quote(text)}`;
    problems.add({ code: 'bad-record', at, message });
    return undefined;
  }
  if (isMended) {
    const message = 'a record has text that is no Unicode (half of a UTF-16 pair); it was replaced';
    problems.add({ code: 'bad-encoding', at, message });
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

const surrogateEscape = /\\u[dD][89a-fA-F]/;

/** The value of a JSON text; undefined when it is none. */
function parseText(text: string, hasLargeNumber: boolean): { value: unknown; isMended: boolean } {
  let isMended = false;
  const mend = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value === 'number') return withAllDigits(value, context?.source ?? '');
    if (typeof value !== 'string' || value.isWellFormed()) return value;
    isMended = true;
    return value.toWellFormed();
  };
  try {
    const isOdd = hasLargeNumber || surrogateEscape.test(text);
    return { value: isOdd ? JSON.parse(text, mend) : JSON.parse(text), isMended };
  } catch {
    return { value: undefined, isMended };
  }
}

function withAllDigits(value: number, source: string): number | string {
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
}
