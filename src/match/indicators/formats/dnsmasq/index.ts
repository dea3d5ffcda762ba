import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { contentLines } from '../../reading/peek.ts';
import { readTextLines } from '../../reading/text-lines.ts';

const listing = /^(?:address|server|local)=\/(?<names>[^=]*)\/(?<target>[^/]*)$/;

export const format = defineIndicatorFormat({
  id: 'dnsmasq',
  title: 'dnsmasq block list',
  description:
    'Names in address=/…/, server=/…/ and local=/…/ lines of a dnsmasq configuration, which cover the names below them too. Other settings are left out with a problem.',
  references: ['https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html'],
  detect(_name, head) {
    const lines = contentLines(head);
    const good = lines.filter((line) => listing.test(line)).length;
    return good > 0 && good * 2 > lines.length ? 3 : 0;
  },
  async *parse(content) {
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, text] of lines.entries()) addLine(batch, text.trim(), firstLine + index);
      yield batch;
    }
  },
});

function addLine(batch: EntryBatch, line: string, number: number): void {
  if (line === '' || line.startsWith('#')) return;
  const names = listing.exec(line)?.groups?.['names'];
  if (names === undefined) {
    batch.problem('unsupported', { line: number }, `${quote(line)} lists no names; it was left out`);
    return;
  }
  for (const name of names.split('/')) {
    if (name !== '') batch.add('domain', name, { line: number });
  }
}
