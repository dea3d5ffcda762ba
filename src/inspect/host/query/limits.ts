import type { SqlToken } from './lexer.ts';
import { limitedPart } from './recursion.ts';

/** What stands instead of tokens, and before them, by their places. */
export interface LimitEdits {
  readonly instead: ReadonlyMap<number, string>;
  readonly before: ReadonlyMap<number, string>;
}

/** An open parenthesis: what is behind it so far, at its own depth. */
interface Group {
  /** It is the query of a name in WITH. */
  readonly isNamed: boolean;
  /** The first token behind its last UNION. */
  part: number | undefined;
  /** Place of a LIMIT whose comma may still come. */
  limit: number | undefined;
  hasLimit: boolean;
}

/** `LIMIT offset, count`, limits below zero, which are none, and limits of recursive queries, which `boundRecursions` reads. */
export function rewriteLimits(tokens: readonly SqlToken[]): LimitEdits {
  const instead = new Map<number, string>();
  const before = new Map<number, string>();
  const isRecursive = tokens.some((token, index) => isWord(token, 'recursive') && isWord(tokens[index - 1], 'with'));
  const stack: Group[] = [];
  let group: Group = { isNamed: false, part: undefined, limit: undefined, hasLimit: false };
  for (const [index, token] of tokens.entries()) {
    if (token.source === '(') {
      stack.push(group);
      const isNamed = isRecursive && isWord(tokens[index - 1], 'as');
      group = { isNamed, part: undefined, limit: undefined, hasLimit: false };
    } else if (token.source === ')') {
      if (group.isNamed && group.hasLimit && group.part !== undefined) {
        before.set(group.part, 'SELECT * FROM (').set(index, `) ${limitedPart}`);
      }
      group = stack.pop() ?? group;
    } else if (isWord(token, 'union')) {
      group.part = isWord(tokens[index + 1], 'all') ? index + 2 : index + 1;
    } else if (isWord(token, 'limit')) {
      group.limit = index;
      group.hasLimit = true;
      takeNegative(tokens, index, instead);
    } else if (token.source === ',' && group.limit !== undefined) {
      instead.set(group.limit, 'OFFSET').set(index, 'LIMIT');
      group.limit = undefined;
      takeNegative(tokens, index, instead);
    }
  }
  return { instead, before };
}

function takeNegative(tokens: readonly SqlToken[], index: number, instead: Map<number, string>): void {
  if (tokens[index + 1]?.source !== '-' || tokens[index + 2]?.kind !== 'number') return;
  instead.set(index + 1, '').set(index + 2, 'ALL');
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toLowerCase() === word;
}
