import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { classify } from '../../normalise.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { looksLikeJson } from '../../reading/peek.ts';
import { readTextLines } from '../../reading/text-lines.ts';
import { refang } from '../../values/refang.ts';
import { maxValueLength } from '../../values/value.ts';

export const format = defineIndicatorFormat({
  id: 'report',
  title: 'Report in running text',
  description:
    'Defanged addresses, names, URLs and mail addresses anywhere in a text, and MD5, SHA-1 and SHA-256 digests. What is written out plainly is left out with a problem: reports name what is harmless so.',
  references: ['https://datatracker.ietf.org/doc/draft-grimminck-safe-ioc-sharing/'],
  detect(_name, head) {
    if (head.includes('\0') || looksLikeJson(head) || head.trimStart().startsWith('<')) return 0;
    return head.split('\n').some((line) => valuesOf(line).some(({ isMeant }) => isMeant)) ? 1 : 0;
  },
  async *parse(content) {
    const plain: string[] = [];
    let plainCount = 0;
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, line] of lines.entries()) {
        for (const { text, isMeant } of valuesOf(line)) {
          if (isMeant) batch.add(undefined, text, { line: firstLine + index }, { description: line.trim() });
          else if (++plainCount === 1) plain.push(text);
        }
      }
      yield batch;
    }
    const [first] = plain;
    if (first === undefined) return;
    const batch = new EntryBatch();
    const message = `${plainCount} values are written out, such as ${quote(first)}, and were left out: a report names what is harmless so`;
    batch.problem('unsupported', {}, message);
    yield batch;
  },
});

interface Found {
  readonly text: string;
  /** Made harmless, or a digest: the report means it as an indicator. */
  readonly isMeant: boolean;
}

/** Values of one line in their order. */
function valuesOf(line: string): Found[] {
  // Some leave blanks around the mark: `evil [.] example`.
  const joined = line.replace(/[ \t]?(\[|\(|\{)[ \t]?(\.|dot|@|at)[ \t]?(\]|\)|\})[ \t]?/gi, '$1$2$3');
  return joined.split(/[\s"'`<>|]+/).flatMap((word): Found[] => {
    if (word.length > maxValueLength) return [];
    const digest = /(?:^|[^0-9a-z])([0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/i.exec(word)?.[1];
    if (digest !== undefined && !word.includes('/')) return [{ text: digest, isMeant: true }];
    const text = bareOf(word);
    if (text.length < 4) return [];
    const plain = refang(text);
    const value = classify(text);
    if (typeof value === 'string' || value.kind === 'file') return [];
    if (plain !== text && /\[|\(dot\)|\{|\\\.|^(?:h..?p|meow|fxp)s?:/i.test(text)) return [{ text, isMeant: true }];
    const isWritten = value.kind === 'address' || value.kind === 'cidr' || /^https?:\/\//i.test(text);
    return isWritten ? [{ text, isMeant: false }] : [];
  });
}

/** Without the punctuation of the sentence around it; brackets of `[.]` stay. */
function bareOf(word: string): string {
  const open = word.replace(/^[([{*•,;:-]+(?![.:@]|dot|at)/i, '');
  let end = open.length;
  while (end > 0 && isPunctuation(open, end)) end--;
  return open.slice(0, end);
}

function isPunctuation(text: string, end: number): boolean {
  const last = text[end - 1] ?? '';
  if (/[.,;:!?*]/.test(last)) return true;
  const opening = { ')': '(', ']': '[', '}': '{' }[last];
  return opening !== undefined && !text.slice(0, end).includes(opening);
}
