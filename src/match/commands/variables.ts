/** Assignments that are kept of one text. */
const maxVariables = 500;
/** A variable may be made of others. */
const passes = 3;
/** Characters that a text may grow by. */
const maxGrowth = 2 ** 16;

const assignment =
  /(?<![\w$-])(?<name>[A-Za-z_]\w{0,40})=(?:"(?<double>[^"$`\n]{0,200})"|'(?<single>[^'\n]{0,200})'|(?<bare>[\w./:@%+,-]{1,200}))(?=[\s;&|)]|$)/g;
const use = /\$(?:\{(?<braced>[A-Za-z_]\w{0,40})\}|(?<bare>[A-Za-z_]\w{0,40}))/g;

/** A shell text with the variables filled in that it sets itself to fixed words: `a=cu;b=rl;$a$b` runs curl. Each keeps its last value. */
export function filledIn(text: string): string {
  let filled = text;
  for (let pass = 0; pass < passes && filled.includes('$'); pass++) {
    const before = filled;
    filled = fill(filled);
    if (filled === before) break;
  }
  return filled;
}

function fill(text: string): string {
  const values = new Map<string, string>();
  for (const { groups } of text.matchAll(assignment)) {
    const { name = '', double, single, bare = '' } = groups ?? {};
    if (values.size >= maxVariables) break;
    values.set(name, double ?? single ?? bare);
  }
  if (values.size === 0) return text;
  let growth = 0;
  return text.replaceAll(use, (written, braced: string | undefined, bare: string | undefined) => {
    const value = values.get(braced ?? bare ?? '');
    if (value === undefined || growth > maxGrowth) return written;
    growth += value.length;
    return value;
  });
}
