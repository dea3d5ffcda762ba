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
  const { value, isMended } = parseText(withQuotedNumbers(text, survey.largeNumbers));
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

/** The text with these numbers as strings, so that no digit is lost. */
function withQuotedNumbers(text: string, places: readonly number[]): string {
  if (places.length === 0) return text;
  let quoted = '';
  let done = 0;
  for (let index = 0; index < places.length; index += 2) {
    const [start = 0, end = 0] = [places[index], places[index + 1]];
    quoted += `${text.slice(done, start)}"${text.slice(start, end)}"`;
    done = end;
  }
  return quoted + text.slice(done);
}

/** The value of a JSON text; undefined when it is none. */
function parseText(text: string): { value: unknown; isMended: boolean } {
  let isMended = false;
  const mend = (_key: string, value: unknown): unknown => {
    if (typeof value !== 'string' || value.isWellFormed()) return value;
    isMended = true;
    return value.toWellFormed();
  };
  try {
    return { value: surrogateEscape.test(text) ? JSON.parse(text, mend) : JSON.parse(text), isMended };
  } catch {
    return { value: undefined, isMended };
  }
}
