import type { Verdict } from './firewall.ts';
import type { Element } from './nft-rules.ts';

/** Entries of one set. */
const maxElements = 100_000;
/** What stands behind an entry and says nothing about packets. */
const remark = /\s+(?:timeout|expires|comment|counter|limit|last|quota)\s.*$/;

/** `a, b : jump c, "x" . 80 : accept` as entries; `verdict` reads what a map leads to. */
export function elementsOf(text: string, verdict: (text: string) => Verdict | undefined): Element<Verdict>[] {
  const elements: Element<Verdict>[] = [];
  for (const part of text.replace(/^\s*\{|\}\s*$/g, '').split(',')) {
    if (elements.length >= maxElements) break;
    // Between key and value stand spaces around the colon; IPv6 addresses have none.
    const [left = '', right] = part.trim().split(/\s+:\s+/, 2);
    const key = left
      .replace(remark, '')
      .split(' . ')
      .map((value) => value.trim().replaceAll('"', ''));
    if (key[0] === '') continue;
    const value = right === undefined ? undefined : verdict(right.replace(remark, ''));
    elements.push({ key, ...(value === undefined ? {} : { value }) });
  }
  return elements;
}

/** The lines of a named set or map between its braces. */
export class SetLines {
  readonly name: string;
  #text = '';

  constructor(name: string) {
    this.name = name;
  }

  add(line: string): void {
    this.#text += `${line} `;
  }

  /** What stands between the braces of `elements`; undefined for a set that rules fill. */
  get elements(): string | undefined {
    const text = /\belements\s*=\s*\{(?<text>[^}]*)\}/.exec(this.#text)?.groups?.['text'];
    return text ?? (/\bflags [\w,]*\b(?:dynamic|timeout)\b/.test(this.#text) ? undefined : '');
  }
}
