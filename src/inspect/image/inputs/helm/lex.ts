/** A part of a template: text that is written as it stands, or an action between `{{` and `}}`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly line: number };

export interface Token {
  readonly kind: 'space' | 'string' | 'number' | 'field' | 'variable' | 'name' | 'sign';
  readonly text: string;
}

/** Why a template cannot be rendered, and on which of its lines. */
export class TemplateError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const tokenPattern =
  /(?<space>\s+)|(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|(?<number>[+-]?(?:0[xX][\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?))|(?<field>\.(?:[A-Za-z_]\w*)?)|(?<variable>\$\w*)|(?<name>[A-Za-z_]\w*)|(?<sign>:=|=|\||\(|\)|,)/y;

/** Cuts a template of Go's text/template into pieces; white space that `{{-` and `-}}` ask to go is gone, comments too. */
export function lexTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  const lines = new LineNumbers(text);
  let at = 0;
  let trimsNext = false;
  for (;;) {
    const open = text.indexOf('{{', at);
    const trimsBefore = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4));
    let plain = text.slice(at, open < 0 ? undefined : open);
    const skipped = trimsNext ? plain.length - plain.trimStart().length : 0;
    plain = plain.slice(skipped);
    if (trimsBefore) plain = plain.trimEnd();
    if (plain !== '') pieces.push({ kind: 'text', text: plain, line: lines.of(at + skipped) });
    if (open < 0) return pieces;
    const line = lines.of(open);
    const action = lexAction(text, open + (trimsBefore ? 3 : 2), line);
    const { tokens } = action;
    if (tokens.some(({ kind }) => kind !== 'space')) pieces.push({ kind: 'action', tokens, line });
    trimsNext = action.trimsAfter;
    at = action.end;
  }
}

interface Action {
  readonly tokens: readonly Token[];
  readonly end: number;
  readonly trimsAfter: boolean;
}

function lexAction(text: string, start: number, line: number): Action {
  const comment = /\s*\/\*[^]*?\*\/(?<end>\s+-)?\}\}/y;
  comment.lastIndex = start;
  const found = comment.exec(text);
  if (found !== null) {
    return { tokens: [], end: comment.lastIndex, trimsAfter: found.groups?.['end'] !== undefined };
  }
  const tokens: Token[] = [];
  let at = start;
  while (at < text.length) {
    const end = /(?<trim>\s-)?\}\}/y;
    end.lastIndex = at;
    const closed = end.exec(text);
    if (closed !== null) return { tokens, end: end.lastIndex, trimsAfter: closed.groups?.['trim'] !== undefined };
    tokenPattern.lastIndex = at;
    const groups = tokenPattern.exec(text)?.groups;
    const pair = Object.entries(groups ?? {}).find(([, value]) => value !== undefined);
    if (pair === undefined) {
      throw new TemplateError(`unexpected ${JSON.stringify(text.slice(at, at + 1))} in an action`, line);
    }
    let token = pair[1] ?? '';
    // The last blank before `-}}` belongs to the end.
    if (pair[0] === 'space' && text.startsWith('-}}', at + token.length)) token = token.slice(0, -1);
    if (token !== '') tokens.push({ kind: pair[0] as Token['kind'], text: token });
    at += token.length;
  }
  throw new TemplateError('an action is not closed', line);
}

/** Lines of growing places. */
class LineNumbers {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  of(at: number): number {
    for (
      let next = this.#text.indexOf('\n', this.#at);
      next >= 0 && next < at;
      next = this.#text.indexOf('\n', next + 1)
    ) {
      this.#line++;
      this.#at = next + 1;
    }
    return this.#line;
  }
}
