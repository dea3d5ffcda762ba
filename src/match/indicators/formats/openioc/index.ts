import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch, joined } from '../../reading/entries.ts';
import { ofAll, type PatternValues } from '../../reading/joint-values.ts';
import { valuesOfTerm, type Term } from './terms.ts';
import { readXml, type XmlElement } from './xml.ts';

/** Of one list; published ones have some megabytes at most. */
const maxBytes = 2 ** 26;
/** What is named of one indicator that is not checked. */
const maxNamed = 12;

export const format = defineIndicatorFormat({
  id: 'openioc',
  title: 'OpenIOC 1.0 and 1.1',
  description:
    'Terms of hashes, addresses, names, URLs, mail, user agents and files, one or many indicators in a text. Of terms joined by AND the most telling value is kept; what an indicator demands beside it, and terms that no kind has, are named as a problem.',
  references: ['https://github.com/fireeye/OpenIOC_1.1'],
  detect(_name, head) {
    if (!/^\uFEFF?\s*</.test(head)) return 0;
    return /<(?:[\w.-]+:)?(?:ioc|openioc)[\s>]/i.test(head) || head.includes('schemas.mandiant.com') ? 3 : 0;
  },
  async *parse(content) {
    const { text, isCut } = await wholeText(content);
    const batch = new EntryBatch();
    if (isCut) batch.problem('limit-reached', {}, `the list is longer than ${maxBytes} bytes; the rest was not read`);
    const reader = new OpenIocReader(batch);
    const fault = readXml(text, reader);
    if (fault !== undefined && !isCut) {
      batch.problem('bad-record', { byte: fault.at }, `the list is damaged: ${fault.what}; what came before was read`);
    }
    reader.finish();
    yield batch;
  },
});

async function wholeText(content: AsyncIterable<Uint8Array>): Promise<{ text: string; isCut: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of content) {
    parts.push(part);
    length += part.length;
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(parts).subarray(0, maxBytes);
  // Editors of Windows write UTF-16.
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  return { text: new TextDecoder(encoding).decode(bytes), isCut: length > maxBytes };
}

interface Level {
  readonly operator: 'and' | 'or';
  readonly parts: PatternValues[];
}

/** One indicator after the other, told when each ends, or the text does. */
class OpenIocReader {
  readonly #batch: EntryBatch;
  #levels: Level[] = [];
  #term: { -readonly [Key in keyof Term]?: Term[Key] } | undefined;
  #name: string | undefined;

  constructor(batch: EntryBatch) {
    this.#batch = batch;
  }

  open(element: XmlElement): void {
    const { name, attributes } = element;
    if (name === 'indicator') {
      const operator = attributes.get('operator')?.toLowerCase() === 'and' ? 'and' : 'or';
      this.#levels.push({ operator, parts: [] });
    } else if (name === 'indicatoritem') {
      const condition = (attributes.get('condition') ?? 'is').toLowerCase();
      const isNegated = attributes.get('negate')?.toLowerCase() === 'true' || condition.endsWith('not');
      this.#term = { condition: condition.replace(/not$/, ''), isNegated };
    } else if (this.#term !== undefined && name === 'context') this.#term.search = attributes.get('search') ?? '';
  }

  close({ name, text, attributes }: XmlElement): void {
    if (name === 'content' && this.#term !== undefined) {
      this.#term = { ...this.#term, content: text, contentType: attributes.get('type') ?? '' };
    } else if (name === 'indicatoritem') this.#endTerm();
    else if (name === 'indicator') this.#endLevel();
    else if (name === 'short_description') this.#name = text.trim();
    else if (name === 'ioc' || name === 'openioc') this.finish();
  }

  finish(): void {
    while (this.#levels.length > 0) this.#endLevel();
    this.#name = undefined;
  }

  #endTerm(): void {
    const { search = '', condition = 'is', isNegated = false, content = '', contentType = '' } = this.#term ?? {};
    this.#term = undefined;
    const values = valuesOfTerm({ search, condition, isNegated, content, contentType });
    const level = this.#levels.at(-1);
    if (level === undefined) this.#tell(values);
    else level.parts.push(values);
  }

  #endLevel(): void {
    const level = this.#levels.pop();
    if (level === undefined) return;
    const whole =
      level.operator === 'and'
        ? ofAll(level.parts)
        : {
            values: level.parts.flatMap((part) => part.values),
            unchecked: level.parts.flatMap((part) => part.unchecked),
          };
    const above = this.#levels.at(-1);
    if (above === undefined) this.#tell(whole);
    else above.parts.push(whole);
  }

  #tell({ values, unchecked }: PatternValues): void {
    const details = { description: joined([this.#name]) };
    for (const { kind, text } of values) this.#batch.add(kind, text, {}, details);
    if (unchecked.length === 0) return;
    const more = unchecked.length > maxNamed ? ` and ${unchecked.length - maxNamed} more` : '';
    const asked = quote([...new Set(unchecked)].slice(0, maxNamed).join(', '));
    const outcome = values.length === 0 ? 'it was left out' : 'its other values are matched without that';
    const message = `indicator ${quote(this.#name ?? 'without a name')} asks for ${asked}${more}, which is not checked; ${outcome}`;
    this.#batch.problem('unsupported', {}, message);
  }
}
