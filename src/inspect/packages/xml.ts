/** An element of an XML file, without namespaces. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly texts: string[];
}

const maxDepth = 200;
const maxElements = 1_000_000;

/**
 * The root of an XML file, for manifests of build tools. A document type is passed over and no entity but the five of XML and numbers is
 * resolved, so nothing grows and nothing is fetched. Throws when it is no XML, or goes past a bound.
 */
export function parseXml(text: string): XmlElement {
  const open: OpenElement[] = [{ name: '', attributes: {}, children: [], texts: [] }];
  let count = 0;
  for (let at = 0; at < text.length;) {
    const start = text.indexOf('<', at);
    const top = open.at(-1);
    if (top === undefined) break;
    top.texts.push(decodeEntities(text.slice(at, start < 0 ? text.length : start)));
    if (start < 0) break;
    const { end, kind } = tagAt(text, start);
    if (end < 0) throw new Error(`a tag at character ${start} does not end`);
    if (kind === 'cdata') top.texts.push(text.slice(start + 9, end - 3));
    else if (kind === 'close') close(open, text.slice(start + 2, end - 1).trim());
    else if (kind === 'element') {
      if (++count > maxElements) throw new Error(`more than ${maxElements} elements`);
      if (open.length > maxDepth) throw new Error(`nested deeper than ${maxDepth}`);
      const isEmpty = text[end - 2] === '/';
      const element = elementOf(text.slice(start + 1, end - (isEmpty ? 2 : 1)));
      open.push(element);
      if (isEmpty) close(open, element.name);
    }
    at = end;
  }
  const [root] = open[0]?.children ?? [];
  if (root === undefined) throw new Error('it has no element');
  if (open.length > 1) throw new Error(`<${open.at(-1)?.name ?? ''}> is not closed`);
  return root;
}

/** Text of the first child of a name; undefined when there is none or it is empty. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  const text = childNamed(element, name)?.text;
  return text === '' ? undefined : text;
}

export function childNamed(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Where what begins at `start` ends, and what it is. */
function tagAt(text: string, start: number): { end: number; kind: 'cdata' | 'close' | 'element' | 'other' } {
  const after = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from);
    return found < 0 ? -1 : found + mark.length;
  };
  if (text.startsWith('<!--', start)) return { end: after('-->', start + 4), kind: 'other' };
  if (text.startsWith('<![CDATA[', start)) return { end: after(']]>', start + 9), kind: 'cdata' };
  if (text[start + 1] === '?') return { end: after('?>', start), kind: 'other' };
  if (text[start + 1] === '!') return { end: endOfDoctype(text, start), kind: 'other' };
  return { end: after('>', start), kind: text[start + 1] === '/' ? 'close' : 'element' };
}

/** A document type may have declarations in square brackets. */
function endOfDoctype(text: string, start: number): number {
  const end = text.indexOf('>', start);
  const bracket = text.indexOf('[', start);
  if (bracket < 0 || end < bracket) return end < 0 ? -1 : end + 1;
  const inner = text.indexOf(']', bracket);
  const last = inner < 0 ? -1 : text.indexOf('>', inner);
  return last < 0 ? -1 : last + 1;
}

function close(open: OpenElement[], name: string): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined || localName(name) !== element.name) {
    throw new Error(`</${name.slice(0, 80)}> closes nothing`);
  }
  const { attributes, children, texts } = element;
  parent.children.push({ name: element.name, attributes, children, text: texts.join('').trim() });
}

function elementOf(tag: string): OpenElement {
  const nameEnd = tag.search(/\s/);
  const attributes = nameEnd < 0 ? {} : attributesIn(tag, nameEnd);
  return { name: localName(nameEnd < 0 ? tag : tag.slice(0, nameEnd)), attributes, children: [], texts: [] };
}

/** `key="value"` and `key='value'`, gone through once. What is none ends the list. */
function attributesIn(tag: string, start: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let at = start; at < tag.length;) {
    const equals = tag.indexOf('=', at);
    const key = tag.slice(at, equals < 0 ? at : equals).trim();
    let open = equals + 1;
    while (/\s/.test(tag[open] ?? '')) open++;
    const mark = tag[open];
    const end = mark === '"' || mark === "'" ? tag.indexOf(mark, open + 1) : -1;
    if (key === '' || end < 0) break;
    attributes[key] = decodeEntities(tag.slice(open + 1, end));
    at = end + 1;
  }
  return attributes;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(?<decimal>\d{1,7})|#x(?<hex>[\da-f]{1,6})|(?<name>[a-z]{2,4}));/gi,
    (all, decimal, hex, name) => {
      if (typeof name === 'string') return entities[name] ?? all;
      const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
    },
  );
}
