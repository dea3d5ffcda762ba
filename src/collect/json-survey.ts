/** What `JSON.parse` does not tell of a text. Of text that is not JSON it tells anything. */
export interface JsonSurvey {
  /** Deepest nesting; counting stops just over the bound. */
  depth: number;
  /** Keys that stand twice in an object, a few of them. */
  readonly duplicates: string[];
  /** Where whole numbers beyond 2^53 stand as values, which `JSON.parse` would round: beginnings and ends in turn. */
  readonly largeNumbers: number[];
}

/** A record with more of them is broken in one way, and needs no longer list. */
const maxDuplicates = 8;

const quote = 34;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** One pass over the text, without recursion and in linear time, because the text is an attacker's. */
export function surveyJson(text: string, maxDepth: number): JsonSurvey {
  const survey: JsonSurvey = { depth: 0, duplicates: [], largeNumbers: [] };
  /** Keys of each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let stringStart = 0;
  let stringEnd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      stringStart = at;
      at = endOfString(text, at);
      stringEnd = at + 1;
    } else if (code === colon) {
      noteKey(text.slice(stringStart, stringEnd), open.at(-1), survey.duplicates);
    } else if (code === openBrace || code === openBracket) {
      open.push(code === openBrace ? new Set() : undefined);
      survey.depth = Math.max(survey.depth, open.length);
      if (survey.depth > maxDepth) return survey;
    } else if (code === closeBrace || code === closeBracket) {
      open.pop();
    } else if (isDigit(code)) {
      const end = endOfDigits(text, at);
      if (end - at > 15) noteNumber(text, at, end, survey.largeNumbers);
      at = end - 1;
    }
  }
  return survey;
}

/** Place of the closing quote, or of the last character when there is none. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return text.length - 1;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** A number is a value between what may stand around one; anything else is for `JSON.parse` to refuse. */
function noteNumber(text: string, from: number, to: number, largeNumbers: number[]): void {
  if (text[from] === '0' || Number.isSafeInteger(Number(text.slice(from, to)))) return;
  const start = text[from - 1] === '-' ? from - 1 : from;
  let before = start - 1;
  while (isBlank(text.charCodeAt(before))) before--;
  let after = to;
  while (isBlank(text.charCodeAt(after))) after++;
  if (':,['.includes(text[before] ?? '?') && ',]}'.includes(text[after] ?? '?')) largeNumbers.push(start, to);
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function noteKey(token: string, keys: Set<string> | undefined, duplicates: string[]): void {
  if (keys === undefined) return;
  // A key can be written in several ways: `"a"` and `"\u0061"`.
  const key = token.includes('\\') ? unescaped(token) : token.slice(1, -1);
  if (!keys.has(key)) keys.add(key);
  else if (duplicates.length < maxDuplicates && !duplicates.includes(key)) duplicates.push(key);
}

function unescaped(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}
