import { attributeName, containerOf, nameIn, RecordBuilder, type Container, type WindowsRecord } from './record.ts';

/** Elements within elements; Windows itself writes fewer than ten. */
const maxDepth = 64;
const tagName = /[A-Za-z_][\w.:-]{0,254}/y;
const attribute =
  /\s{1,100}(?<name>[A-Za-z_][\w.:-]{0,254})\s{0,10}=\s{0,10}(?:"(?<double>[^"]{0,65536})"|'(?<single>[^']{0,65536})')/y;

interface Open {
  readonly element: string;
  readonly container: Container;
  readonly from: number;
  hasChildren: boolean;
}

/**
 * The record of an event as XML text (`wevtutil`, `evtxexport`, Sysmon for Linux in syslog); undefined when the text has no
 * `Event` element. Values are text, numbers of `System` numbers. It is no general XML reader, and lenient: Sysmon for
 * Linux writes `<` and `&` of command lines as they are, so that a `Data` element goes on to its end tag whatever it holds.
 * What is cut off gives the fields before the cut. No entity but those of XML itself is replaced.
 */
export function readEventXml(xml: string): WindowsRecord | undefined {
  const start = /<Event[\s>]/.exec(xml)?.index;
  return start === undefined ? undefined : new EventXml(xml, start).read();
}

class EventXml {
  readonly #xml: string;
  readonly #builder = new RecordBuilder();
  readonly #open: Open[] = [];
  #at: number;

  constructor(xml: string, start: number) {
    this.#xml = xml;
    this.#at = start;
  }

  read(): WindowsRecord {
    for (;;) {
      const tag = this.#xml.indexOf('<', this.#at);
      const next = this.#xml[tag + 1];
      if (tag < 0 || next === undefined) break;
      this.#at = tag + 1;
      if (next === '/') {
        if (!this.#close(tag)) break;
      } else if (next === '!' || next === '?') {
        const end = this.#xml.indexOf('>', tag);
        if (end < 0) break;
        this.#at = end + 1;
      } else if (!this.#start(tag)) break;
    }
    return this.#builder.finish();
  }

  /** Reads a start tag; false when nothing can be read any more. A `<` that begins none is text. */
  #start(tag: number): boolean {
    tagName.lastIndex = tag + 1;
    const element = tagName.exec(this.#xml)?.[0];
    if (element === undefined) return true;
    const parent = this.#open.at(-1);
    const container = this.#open.length === 1 ? containerOf(element) : (parent?.container ?? 'Event');
    const attributes = this.#attributes(tagName.lastIndex);
    const end = this.#xml.indexOf('>', this.#at);
    if (end < 0 || this.#open.length >= maxDepth) return false;
    if (parent !== undefined) parent.hasChildren = true;
    this.#at = end + 1;
    const isEmpty = this.#xml[end - 1] === '/';
    if (element === 'Data' && this.#open.length > 1) return this.#data(container, attributes, isEmpty);
    this.#addAttributes(container, this.#nameOf(container, element), attributes);
    if (!isEmpty) this.#open.push({ element, container, from: end + 1, hasChildren: false });
    return true;
  }

  /** Reads an end tag; false behind the event. */
  #close(tag: number): boolean {
    const end = this.#xml.indexOf('>', tag);
    if (end < 0) return false;
    const element = this.#xml.slice(tag + 2, Math.min(end, tag + 300)).trim();
    const open = this.#open.at(-1);
    if (open === undefined || open.element !== element) return true;
    this.#at = end + 1;
    this.#open.pop();
    const text = this.#xml.slice(open.from, tag);
    if (!open.hasChildren && text.trim() !== '') {
      this.#add(open.container, this.#nameOf(open.container, element), plainText(text));
    }
    return this.#open.length > 0;
  }

  #data(container: Container, attributes: ReadonlyMap<string, string>, isEmpty: boolean): boolean {
    const end = isEmpty ? this.#at : this.#xml.indexOf('</Data>', this.#at);
    if (end < 0) return false;
    const value = plainText(this.#xml.slice(this.#at, end));
    const name = attributes.get('Name');
    if (name === undefined || name === '') this.#builder.addUnnamed(value);
    else this.#builder.add(container, name, value);
    this.#at = isEmpty ? end : end + '</Data>'.length;
    return true;
  }

  #attributes(from: number): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    attribute.lastIndex = from;
    for (let match = attribute.exec(this.#xml); match !== null; match = attribute.exec(this.#xml)) {
      const { name = '', double, single } = match.groups ?? {};
      found.set(name, plainText(double ?? single ?? ''));
      this.#at = attribute.lastIndex;
    }
    return found;
  }

  #addAttributes(container: Container, element: string, attributes: ReadonlyMap<string, string>): void {
    for (const [attribute_, value] of attributes) {
      const name = attributeName(element, attribute_);
      if (name === undefined || value === '') continue;
      this.#add(container, name, name === 'Provider_Guid' ? value.replaceAll(/[{}]/g, '').toUpperCase() : value);
    }
  }

  #nameOf(container: Container, element: string): string {
    return this.#open.length < 2 ? element : nameIn(container, element);
  }

  #add(container: Container, name: string, value: string): void {
    const isNumber = container === 'System' && numbers.has(name) && /^\d{1,15}$/.test(value);
    this.#builder.add(container, name, isNumber ? Number(value) : value);
  }
}

const numbers: ReadonlySet<string> = new Set([
  'EventID',
  'EventID_Qualifiers',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'EventRecordID',
  'Execution_ProcessID',
  'Execution_ThreadID',
]);

/** Text without its escapes. */
function plainText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:lt|gt|quot|apos|amp|#\d{1,7}|#x[\da-fA-F]{1,6});/g, (escape) => {
    const code = escape[1] === '#' ? codeOf(escape.slice(2, -1)) : undefined;
    if (code === undefined) return entities.get(escape) ?? escape;
    return code <= 0x10_ffff ? String.fromCodePoint(code).toWellFormed() : escape;
  });
}

function codeOf(digits: string): number {
  return digits.startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits);
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
]);
