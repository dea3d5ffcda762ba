import { defineIndicatorFormat } from '../../format.ts';
import { classify } from '../../normalise.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { contentLines, looksLikeJson } from '../../reading/peek.ts';
import { readTextLines } from '../../reading/text-lines.ts';

export const format = defineIndicatorFormat({
  id: 'plain',
  title: 'Plain list',
  description:
    'One indicator a line, kinds mixed and told by their shape; defanged values are undone. Lines that begin with #, ;, // or ! are comments; what follows a value after a blank is its description.',
  references: [
    'https://github.com/stamparm/maltrail/tree/master/trails/static',
    'https://www.spamhaus.org/drop/drop.txt',
  ],
  detect(_name, head) {
    if (head.includes('\0') || looksLikeJson(head) || head.trimStart().startsWith('<')) return 0;
    const lines = contentLines(head);
    const good = lines.filter((line) => typeof classify(entryOf(line).value) !== 'string').length;
    return good > 0 && good * 2 >= lines.length ? 1 : 0;
  },
  async *parse(content) {
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, text] of lines.entries()) {
        const line = text.trim();
        if (line === '' || isComment(line)) continue;
        const { value, description } = entryOf(line);
        batch.add(undefined, value, { line: firstLine + index }, { description });
      }
      yield batch;
    }
  },
});

function isComment(line: string): boolean {
  const first = line.charCodeAt(0);
  return first === 35 || first === 59 || first === 33 || line.startsWith('//');
}

/** The first word, without a list mark before it and quotes around it; the rest is the description. */
function entryOf(line: string): { value: string; description: string | undefined } {
  if (isBareWord(line)) return { value: line, description: undefined };
  const bare = line.replace(/^[-*•]\s+/, '');
  const blank = bare.search(/\s/);
  const word = blank < 0 ? bare : bare.slice(0, blank);
  const value = word.replace(/^["'`]+/, '').replace(/["'`,;]+$/, '');
  const rest =
    blank < 0
      ? ''
      : bare
          .slice(blank)
          .replace(/^[\s#;,/|-]+/, '')
          .trim();
  return { value, description: rest === '' ? undefined : rest };
}

/** True when no blank is inside and no quote or separator at the ends: nearly every line of a long list. */
function isBareWord(line: string): boolean {
  return (
    isWordEnd(line.charCodeAt(0)) &&
    isWordEnd(line.charCodeAt(line.length - 1)) &&
    !line.includes(' ') &&
    !line.includes('\t')
  );
}

/** ASCII letter or digit. */
function isWordEnd(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}
