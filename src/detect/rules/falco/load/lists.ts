import { LoadError, type Context } from './context.ts';
import type { ListItem } from './items.ts';

/** Characters of a condition, or items of a list, when lists are written out. */
const maxLength = 4_000_000;
const maxItems = 1_000_000;
/** Lists that one condition names: the next to be put in is searched for among them. */
const maxNamed = 10_000;

const blanks = ' \t\n\r';
const delimiters = `${blanks}(),=`;

interface WrittenList {
  readonly name: string;
  /** Its items as they stand in a condition. */
  readonly text: string;
}

/**
 * Lists stand in conditions by name and are put there as text, before anything is parsed: that is Falco's meaning, so a
 * list may hold operators and brackets too. An item that names an earlier list stands for its items, one level deep.
 */
export class ListTexts {
  readonly used = new Set<string>();
  readonly #lists: readonly WrittenList[];
  readonly #ids = new Map<string, number>();
  /** Lists whose names hold delimiters, which no token of a condition can name. */
  readonly #odd: number[] = [];

  constructor(lists: ReadonlyMap<string, ListItem>) {
    this.#lists = [...lists.values()].map((list) => ({ name: list.name, text: this.#write(list, lists) }));
    for (const [id, { name }] of this.#lists.entries()) {
      this.#ids.set(name, id);
      if (/[ \t\n\r(),=]/.test(name)) this.#odd.push(id);
    }
  }

  #write(list: ListItem, lists: ReadonlyMap<string, ListItem>): string {
    const items: string[] = [];
    for (const item of list.items) {
      const named = lists.get(item);
      const isEarlier = named !== undefined && named.index < list.visibility;
      if (isEarlier) this.used.add(named.name);
      for (const value of isEarlier ? named.items : [item]) items.push(quoteItem(value));
      if (items.length > maxItems) {
        throw new LoadError('LOAD_ERR_VALIDATE', `List has more than ${maxItems} items`, list.context);
      }
    }
    return items.join(', ');
  }

  /** The condition with all lists written out, in the order of their definition. */
  resolve(condition: string, context: Context): string {
    const wanted = new Set(this.#odd);
    this.#want(condition, wanted);
    let text = condition;
    for (let id = smallest(wanted); id !== undefined; id = smallest(wanted)) {
      if (wanted.size > maxNamed) {
        throw new LoadError('LOAD_ERR_VALIDATE', `Condition names more than ${maxNamed} lists`, context);
      }
      wanted.delete(id);
      const list = this.#lists[id];
      const replaced = list === undefined ? undefined : substitute(text, list, context);
      if (list === undefined || replaced === undefined) continue;
      this.used.add(list.name);
      text = replaced;
      this.#want(list.text, wanted, id);
    }
    return text;
  }

  /** Adds the lists that a text names; only those behind `after` are still put in. */
  #want(text: string, wanted: Set<number>, after = -1): void {
    for (const token of text.split(/[ \t\n\r(),=]+/)) {
      const id = this.#ids.get(token);
      if (id !== undefined && id > after) wanted.add(id);
    }
  }
}

function smallest(ids: ReadonlySet<number>): number | undefined {
  let least: number | undefined;
  for (const id of ids) if (least === undefined || id < least) least = id;
  return least;
}

/** The text with each whole-word occurrence of the list's name replaced; undefined when there is none. */
function substitute(text: string, list: WrittenList, context: Context): string | undefined {
  const pieces: string[] = [];
  let length = 0;
  let copied = 0;
  for (let start = text.indexOf(list.name); start >= 0; start = text.indexOf(list.name, start + 1)) {
    let end = start + list.name.length;
    const isWord =
      start >= copied &&
      (start === 0 || delimiters.includes(text.charAt(start - 1))) &&
      (end >= text.length || delimiters.includes(text.charAt(end)));
    if (!isWord) continue;
    while (end < text.length && blanks.includes(text.charAt(end))) end++;
    let before = trimEnd(text.slice(copied, start));
    if (list.text === '') {
      if (before.endsWith(',')) before = before.slice(0, -1);
      else if (text.charAt(end) === ',') end++;
    }
    const piece = `${before === '' ? '' : `${before} `}${list.text} `;
    pieces.push(piece);
    length += piece.length;
    if (length > maxLength) {
      const message = `Condition grows past ${maxLength} characters when its lists are written out`;
      throw new LoadError('LOAD_ERR_VALIDATE', message, context);
    }
    copied = end;
  }
  return pieces.length === 0 ? undefined : `${pieces.join('')}${text.slice(copied)}`;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** An item with a blank is put in quotes unless it stands in some already. */
export function quoteItem(item: string): string {
  return item.includes(' ') && !item.startsWith('"') && !item.startsWith("'") ? `"${item}"` : item;
}
