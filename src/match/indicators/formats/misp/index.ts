import { quote } from '../../../../base/problem.ts';
import { typedTexts } from '../../composite.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch, joined } from '../../reading/entries.ts';
import { asRecord, listField, readJsonItems, textField } from '../../reading/json-items.ts';
import { looksLikeJson } from '../../reading/peek.ts';
import { confidenceOfTags, wordsOfTags } from './tags.ts';

type Fields = Readonly<Record<string, unknown>>;

export const format = defineIndicatorFormat({
  id: 'misp',
  title: 'MISP event',
  description:
    'Attributes of MISP events, feeds and search answers, those inside objects included. Attributes that are not meant for detection (to_ids false), deleted, or warned about by MISP itself are left out.',
  references: [
    'https://www.misp-standard.org/rfc/misp-standard-core.html',
    'https://www.circl.lu/doc/misp/categories-and-types/',
  ],
  detect(_name, head) {
    if (!looksLikeJson(head)) return 0;
    const isEvent = /"Event"\s*:\s*\{/.test(head) || /"response"\s*:\s*[[{]/.test(head);
    return (isEvent && /"(?:Attribute|Orgc|analysis|threat_level_id)"/.test(head)) ||
      /"Attribute"\s*:\s*\[[^\]]*"to_ids"/.test(head)
      ? 3
      : 0;
  },
  async *parse(content) {
    let event: EventWords = { info: undefined, tags: [] };
    for await (const { items, problems } of readJsonItems(content, isWanted)) {
      const batch = new EntryBatch(problems);
      for (const { path, value, at } of items) {
        if (path.at(-1) === 'info') event = { info: typeof value === 'string' ? value : undefined, tags: [] };
        else if (path.at(-2) === 'Tag') event = { info: event.info, tags: [...event.tags, value] };
        else addAttribute(batch, asRecord(value) ?? {}, { byte: at }, event);
      }
      yield batch;
    }
  },
});

/** What an event says of all attributes that follow it in the text. */
interface EventWords {
  readonly info: string | undefined;
  readonly tags: readonly unknown[];
}

/** Attributes wherever they stand; title and tags of the events. */
function isWanted(path: readonly string[]): boolean {
  const [above, last] = path.slice(-2);
  if (last === 'info') return above === 'Event';
  if (last !== '*') return false;
  return above === 'Attribute' || (above === 'Tag' && path.at(-3) === 'Event');
}

function addAttribute(batch: EntryBatch, attribute: Fields, at: { byte: number }, event: EventWords): void {
  const type = textField(attribute, 'type');
  const value = textField(attribute, 'value');
  if (type === undefined || value === undefined) {
    batch.problem('bad-record', at, 'an attribute has no type or no value; it was left out');
    return;
  }
  if (isFalse(attribute['to_ids']) || attribute['deleted'] === true) return;
  const warning = warningOf(attribute);
  if (warning !== undefined) {
    batch.problem('bad-value', at, `MISP warns about ${quote(value)} (${quote(warning)}); it was left out`);
    return;
  }
  const parts = typedTexts(type, value);
  if (parts.length === 0) batch.problem('unsupported', at, `attributes of type ${quote(type)} are not matched`);
  const tags = [...listField(attribute, 'Tag'), ...event.tags];
  const details = {
    description: joined([event.info, textField(attribute, 'comment'), ...wordsOfTags(tags)]),
    confidence: confidenceOfTags(tags),
  };
  for (const part of parts) batch.add(part.kind, part.text, at, details);
}

function isFalse(flag: unknown): boolean {
  return flag === false || flag === 0 || flag === '0' || flag === 'false';
}

/** Name of the first MISP warning list that holds the attribute. */
function warningOf(attribute: Fields): string | undefined {
  const [first] = listField(attribute, 'warnings');
  return first === undefined ? undefined : (textField(asRecord(first) ?? {}, 'warninglist_name') ?? 'warning list');
}
