import { LoadError, type Context } from './context.ts';
import type { ListItem } from './items.ts';

/** Characters of a condition, or items of a list, when lists are written out. */
const maxLength = 4_000_000;
const maxItems = 1_000_000;

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
    const wanted = new Uint8Array(this.#lists.length);
    for (const id of this.#odd) wanted[id] = 1;
    let first = Math.min(this.#mark(condition, wanted), this.#odd[0] ?? this.#lists.length);
    let text = condition;
    for (; first < this.#lists.length; first++) {
      const list = wanted[first] === 1 ? this.#lists[first] : undefined;
      const replaced = list === undefined ? undefined : substitute(text, list, context);
      if (list === undefined || replaced === undefined) continue;
      this.used.add(list.name);
      this.#mark(list.text, wanted);
      text = replaced;
    }
    return text;
  }

  /** Marks the lists that a text names; the smallest id among them. */
  #mark(text: string, wanted: Uint8Array): number {
    let smallest = this.#lists.length;
    for (const token of text.split(/[ \t\n\r(),=]+/)) {
      const id = this.#ids.get(token);
      if (id === undefined) continue;
      wanted[id] = 1;
      smallest = Math.min(smallest, id);
    }
    return smallest;
  }
}

/** The text with each whole-word occurrence of the list's name replaced; undefined when there is none. */
function substitute(text: string, list: WrittenList, context: Context): string | undefined {
  let out = '';
  let copied = 0;
  let isUsed = false;
  for (let start = text.indexOf(list.name); start >= 0; start = text.indexOf(list.name, start + 1)) {
    let end = start + list.name.length;
    const isWord =
      start >= copied &&
      (start === 0 || delimiters.includes(text.charAt(start - 1))) &&
      (end >= text.length || delimiters.includes(text.charAt(end)));
    if (!isWord) continue;
    while (end < text.length && blanks.includes(text.charAt(end))) end++;
    out = trimEnd(out + text.slice(copied, start));
    if (list.text === '') {
      if (out.endsWith(',')) out = out.slice(0, -1);
      else if (text.charAt(end) === ',') end++;
    }
    out = `${out === '' ? '' : `${out} `}${list.text} `;
    if (out.length > maxLength) {
      const message = `Condition grows past ${maxLength} characters when its lists are written out`;
      throw new LoadError('LOAD_ERR_VALIDATE', message, context);
    }
    copied = end;
    isUsed = true;
  }
  return isUsed ? out + text.slice(copied) : undefined;
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
