import { defineIndicatorFormat, type IndicatorFormat } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { asRecord, listField, readJsonItems, textField } from '../../reading/json-items.ts';
import { looksLikeJson, peek } from '../../reading/peek.ts';
import { readRows, type Row } from '../../reading/rows.ts';
import { addRecord, isHeader, type Fields } from './record.ts';

export const format = defineIndicatorFormat({
  id: 'abuse-ch',
  title: 'abuse.ch exports',
  description:
    'URLhaus, ThreatFox, Feodo Tracker, SSLBL (certificates, JA3, addresses) and MalwareBazaar as CSV, and those that have it as JSON or text.',
  references: [
    'https://urlhaus.abuse.ch/api/',
    'https://threatfox.abuse.ch/export/',
    'https://feodotracker.abuse.ch/blocklist/',
    'https://sslbl.abuse.ch/blacklist/',
  ],
  detect(_name, head) {
    if (looksLikeJson(head)) {
      return /"(?:ioc_value|threat_type|urlhaus_link|urlhaus_reference|c2_status)"|"malware"[^}]*"last_online"|"last_online"[^}]*"malware"/.test(
        head,
      )
        ? 3
        : 0;
    }
    const banner = head.slice(0, 4096);
    if (/^#.*\b(?:abuse\.ch|URLhaus|ThreatFox|Feodo ?Tracker|SSLBL|MalwareBazaar)\b/im.test(banner)) return 3;
    return /^#? *"?(?:first_seen_utc|id|ja3_md5|Listingdate)"?, *"?(?:ioc_id|dst_ip|dateadded|Firstseen|SHA1|sha256_hash)"?,/m.test(
      banner,
    )
      ? 3
      : 0;
  },
  async *parse(content) {
    const { head, content: whole } = await peek(content, 64);
    yield* looksLikeJson(Buffer.from(head).toString('latin1')) ? parseJson(whole) : parseRows(whole);
  },
});

type Batches = ReturnType<IndicatorFormat['parse']>;

async function* parseRows(content: AsyncIterable<Uint8Array>): Batches {
  let header: readonly string[] | undefined;
  for await (const { rows, problems } of readRows(content, ',')) {
    const batch = new EntryBatch(problems);
    for (const row of rows) {
      if (isHeader(row.cells)) header = row.cells.map((cell) => cell.toLowerCase());
      else if (!row.isComment) addRow(batch, row, header);
    }
    yield batch;
  }
}

function addRow(batch: EntryBatch, row: Row, header: readonly string[] | undefined): void {
  const at = { line: row.line };
  const [only] = row.cells;
  if (row.cells.length === 1 && only !== undefined) batch.add(undefined, only, at);
  else if (header === undefined) {
    batch.problem('bad-header', at, 'a row stands before the line that names the columns; it was left out');
  } else addRecord(batch, new Map(header.map((name, place) => [name, row.cells[place] ?? ''])), at);
}

/** Records stand in a list at the top (Feodo), in lists under an id (exports), or under `data` and `urls` (answers). */
async function* parseJson(content: AsyncIterable<Uint8Array>): Batches {
  const isRecord = (path: readonly string[]): boolean => path.length <= 2 && path.at(-1) === '*';
  for await (const { items, problems } of readJsonItems(content, isRecord)) {
    const batch = new EntryBatch(problems);
    for (const { value, at } of items) addRecord(batch, fieldsOf(asRecord(value) ?? {}), { byte: at });
    yield batch;
  }
}

function fieldsOf(record: Readonly<Record<string, unknown>>): Fields {
  const tags = listField(record, 'tags').filter((tag) => typeof tag === 'string');
  const fields = new Map<string, string>();
  for (const name of Object.keys(record)) fields.set(name.toLowerCase(), textField(record, name) ?? '');
  if (tags.length > 0) fields.set('tags', tags.join(','));
  return fields;
}
