/** Characters of arguments or of the right side of an assignment. */
const maxArguments = 2000;

/** Arguments of a call whose bracket was opened before `from`, as they stand between its commas. */
export function argumentsAt(code: string, from: number): string[] {
  const given: string[] = [];
  const end = Math.min(code.length, from + maxArguments);
  let depth = 0;
  let start = from;
  for (let at = from; at < end; at++) {
    const one = code[at];
    if (one === '(' || one === '[' || one === '{') depth++;
    else if (one === ')' || one === ']' || one === '}') {
      if (depth-- === 0) return [...given, code.slice(start, at)];
    } else if (one === ',' && depth === 0) {
      given.push(code.slice(start, at));
      start = at + 1;
    }
  }
  return [...given, code.slice(start, end)];
}

/** To the end of the statement: a semicolon, or a line's end outside of brackets where `endsAtLine`. */
export function rightSide(code: string, from: number, endsAtLine = false): string {
  const part = code.slice(from, from + maxArguments);
  if (!endsAtLine) {
    const end = part.indexOf(';');
    return end < 0 ? part : part.slice(0, end);
  }
  let depth = 0;
  for (let at = 0; at < part.length; at++) {
    const one = part[at];
    if (one === '(' || one === '[' || one === '{') depth++;
    else if (one === ')' || one === ']' || one === '}') {
      if (depth-- === 0) return part.slice(0, at);
    } else if (depth === 0 && (one === ';' || one === '\n')) return part.slice(0, at);
  }
  return part;
}
