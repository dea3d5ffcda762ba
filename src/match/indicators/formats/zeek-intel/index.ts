import { quote } from '../../../../base/problem.ts';
import { typedTexts } from '../../composite.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch, joined, parseConfidence } from '../../reading/entries.ts';
import { readTextLines } from '../../reading/text-lines.ts';

export const format = defineIndicatorFormat({
  id: 'zeek-intel',
  title: 'Zeek intelligence file',
  description:
    'Tab-delimited file of the Zeek intelligence framework with a #fields header. Types ADDR, SUBNET, URL, SOFTWARE, EMAIL, DOMAIN, FILE_HASH and CERT_HASH are read; user names, file names and public keys are not matched.',
  references: ['https://docs.zeek.org/en/master/frameworks/intel.html'],
  detect(_name, head) {
    return /^#fields\t(?:.*\t)?indicator\t(?:.*\t)?indicator_type(?:\t|\r?$)/m.test(head) ? 3 : 0;
  },
  async *parse(content) {
    let fields: readonly string[] | undefined;
    for await (const { lines, firstLine, problems } of readTextLines(content)) {
      const batch = new EntryBatch(problems);
      for (const [index, line] of lines.entries()) {
        if (line.startsWith('#fields\t')) fields = line.split('\t').slice(1);
        if (line === '' || line.startsWith('#')) continue;
        if (fields === undefined) {
          batch.problem(
            'bad-header',
            { line: firstLine + index },
            'an entry stands before the #fields header; it was left out',
          );
        } else addEntry(batch, fields, line.split('\t'), firstLine + index);
      }
      yield batch;
    }
  },
});

function addEntry(batch: EntryBatch, fields: readonly string[], cells: readonly string[], line: number): void {
  const cell = (name: string): string | undefined => {
    const text = cells[fields.indexOf(name)];
    return text === undefined || text === '-' || text === '' ? undefined : unescaped(text);
  };
  const at = { line };
  const value = cell('indicator');
  const type = cell('indicator_type');
  if (value === undefined || type === undefined) {
    batch.problem('bad-record', at, 'an entry has no indicator or no type; it was left out');
    return;
  }
  const parts = typedTexts(type, value);
  if (parts.length === 0) batch.problem('unsupported', at, `entries of type ${quote(type)} are not matched`);
  const details = {
    description: joined([cell('meta.desc'), cell('meta.source')]),
    confidence: parseConfidence(cell('meta.confidence') ?? ''),
  };
  for (const part of parts) batch.add(part.kind, part.text, at, details);
}

/** Undoes `\xNN`, in which Zeek writes tabs and what is not printable. */
function unescaped(text: string): string {
  return text.includes('\\x')
    ? text.replace(/\\x(?<hex>[0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
