import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { contentLines } from '../../reading/peek.ts';
import { readTextLines } from '../../reading/text-lines.ts';

const wholeHost = /^\|\|(?<host>[^$/|*^]+)\^?\|?(?:\$(?<options>.*))?$/;

/** Options that leave the rule a statement about the whole host. */
const broadOptions = new Set(['all', 'doc', 'document', 'important', 'popup', 'third-party', '3p']);

export const format = defineIndicatorFormat({
  id: 'adblock',
  title: 'Ad-block style list',
  description:
    'Rules for whole hosts (||host^) of filter lists. Exceptions, cosmetic rules, paths and rules for single pages are left out with a problem.',
  references: ['https://adguard-dns.io/kb/general/dns-filtering-syntax/'],
  detect(_name, head) {
    const lines = contentLines(head);
    const good = lines.filter((line) => wholeHost.test(line)).length;
    if (/^\s*\[Adblock/i.test(head)) return 3;
    return good > 0 && good * 2 > lines.length ? 3 : 0;
  },
  async *parse(content) {
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, text] of lines.entries()) addRule(batch, text.trim(), firstLine + index);
      yield batch;
    }
  },
});

function addRule(batch: EntryBatch, rule: string, line: number): void {
  if (rule === '' || rule.startsWith('!') || rule.startsWith('[') || rule.startsWith('# ')) return;
  const groups = wholeHost.exec(rule)?.groups;
  const host = groups?.['host'];
  const isBroad = (groups?.['options'] ?? '').split(',').every((option) => option === '' || broadOptions.has(option));
  if (host === undefined || !isBroad) {
    batch.problem('unsupported', { line }, `${quote(rule)} is no rule for a whole host; it was left out`);
    return;
  }
  batch.add('domain', host, { line });
}
