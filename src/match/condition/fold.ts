/**
 * Lower case by one code point for one, independent of its neighbours: what DuckDB 1.5's `lower` does, so that a test
 * that ignores case means the same live and stored. JavaScript's own differs in the three ways that `odd` finds: the dotted
 * capital I (two code points), the final sigma (by context), and letters that came after DuckDB's Unicode version.
 */
export function foldCase(text: string): string {
  return odd.test(text) ? foldSlowly(text) : text.toLowerCase();
}

// U+1C89, U+A7CB to U+A7DC, Garay (U+10D50 to U+10D65) and Beria Erfe (U+16EA0 to U+16EB8) have no lower case in DuckDB.
const odd = /[\u0130\u03a3\u1c89\ua7cb-\ua7dc]|\ud803[\udd50-\udd65]|\ud81b[\udea0-\udeb8]/;

function foldSlowly(text: string): string {
  let folded = '';
  for (const letter of text) {
    if (letter === '\u0130') folded += 'i';
    else if (letter === '\u03a3') folded += '\u03c3';
    else folded += keptAsIs.test(letter) ? letter : letter.toLowerCase();
  }
  return folded;
}

const keptAsIs = /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc]|\ud803[\udd50-\udd65]|\ud81b[\udea0-\udeb8]/;

let changed: readonly (readonly [number, number])[] | undefined;

/** Every code point that `foldCase` changes, with what it becomes. */
export function foldedCodePoints(): readonly (readonly [number, number])[] {
  changed ??= Array.from(
    { length: 0x11_0000 },
    (_none, point) => [point, foldCase(String.fromCodePoint(point)).codePointAt(0) ?? 0] as const,
  ).filter(([point, folded]) => point !== folded);
  return changed;
}

/** A literal of a rule as its texts are compared: well-formed, and folded when case does not count. */
export function prepared(value: string, ignoreCase: boolean): string {
  const whole = value.toWellFormed();
  return ignoreCase ? foldCase(whole) : whole;
}
