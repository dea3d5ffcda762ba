/** An element while it is read; text of its children is not among its own. */
export interface XmlElement {
  /** Without a prefix, in lower case. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

export interface XmlVisitor {
  open(element: XmlElement): void;
  close(element: XmlElement): void;
}

/** Elements within elements: an author decides how deep; analysts nest a handful. */
const maxDepth = 200;
const maxTextChars = 65_536;
const name = /[A-Za-z_][\w.:-]{0,254}/y;
const attribute =
  /\s{1,1000}(?<name>[A-Za-z_][\w.:-]{0,254})\s{0,100}=\s{0,100}(?:"(?<double>[^"<]{0,65536})"|'(?<single>[^'<]{0,65536})')/y;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Elements of XML in their order, with text and attributes. No document type is read, so no entity but XML's own is replaced, and nothing is
 * fetched. Undefined when it was read to its end, else what is wrong and where (characters).
 */
export function readXml(xml: string, visitor: XmlVisitor): { readonly what: string; readonly at: number } | undefined {
  const open: XmlElement[] = [];
  let at = 0;
  for (let tag = xml.indexOf('<', at); tag >= 0; tag = xml.indexOf('<', at)) {
    addText(open.at(-1), decoded(xml.slice(at, tag)));
    const passed = besideElements(xml, tag, open.at(-1));
    if (passed !== undefined) {
      if (passed < 0) return { what: 'it ends in the middle', at: tag };
      at = passed;
      continue;
    }
    const end = xml[tag + 1] === '/' ? closeTag(xml, tag, open, visitor) : openTag(xml, tag, open, visitor);
    if (typeof end === 'string') return { what: end, at: tag };
    at = end;
  }
  return open.length === 0 ? undefined : { what: `the element ${open.at(-1)?.name} is not closed`, at: xml.length };
}

/** Where a comment, a section of text, an instruction or a declaration ends; -1 for one that does not, undefined for an element. */
function besideElements(xml: string, tag: number, element: XmlElement | undefined): number | undefined {
  const endOf = (sign: string, from: number): number => {
    const end = xml.indexOf(sign, from);
    return end < 0 ? -1 : end + sign.length;
  };
  if (xml.startsWith('<!--', tag)) return endOf('-->', tag + 4);
  if (xml.startsWith('<![CDATA[', tag)) {
    const end = endOf(']]>', tag + 9);
    if (end >= 0) addText(element, xml.slice(tag + 9, end - 3));
    return end;
  }
  if (xml[tag + 1] === '?') return endOf('?>', tag);
  return xml[tag + 1] === '!' ? endOf('>', tag) : undefined;
}

function openTag(xml: string, tag: number, open: XmlElement[], visitor: XmlVisitor): number | string {
  name.lastIndex = tag + 1;
  const written = name.exec(xml)?.[0];
  if (written === undefined) return 'a < begins no element';
  if (open.length >= maxDepth) return `more than ${maxDepth} elements stand within each other`;
  const attributes = new Map<string, string>();
  let at = name.lastIndex;
  for (;;) {
    attribute.lastIndex = at;
    const groups = attribute.exec(xml)?.groups;
    if (groups === undefined) break;
    at = attribute.lastIndex;
    attributes.set(localName(groups['name'] ?? ''), decoded(groups['double'] ?? groups['single'] ?? ''));
  }
  const end = xml.indexOf('>', at);
  if (end < 0 || !/^\s*\/?$/.test(xml.slice(at, Math.min(end, at + 1000)))) {
    return `the element ${written} is not well formed`;
  }
  const element: XmlElement = { name: localName(written), attributes, text: '' };
  visitor.open(element);
  if (xml[end - 1] === '/') visitor.close(element);
  else open.push(element);
  return end + 1;
}

function closeTag(xml: string, tag: number, open: XmlElement[], visitor: XmlVisitor): number | string {
  const end = xml.indexOf('>', tag);
  if (end < 0) return 'it ends in the middle';
  const written = xml.slice(tag + 2, Math.min(end, tag + 300)).trim();
  const element = open.pop();
  if (element === undefined || element.name !== localName(written)) return `the end of ${written} closes no element`;
  visitor.close(element);
  return end + 1;
}

function addText(element: XmlElement | undefined, text: string): void {
  if (element === undefined || element.text.length + text.length > maxTextChars) return;
  element.text += text;
}

function localName(written: string): string {
  return written.slice(written.indexOf(':') + 1).toLowerCase();
}

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#x(?<hex>[0-9a-f]{1,6})|#(?<number>\d{1,7})|(?<word>[a-z]{2,4}));/gi,
    (whole, ...rest) => {
      const { hex, number, word } = rest.at(-1) as { hex?: string; number?: string; word?: string };
      if (word !== undefined) return entities[word] ?? whole;
      const code = hex === undefined ? Number(number) : Number.parseInt(hex, 16);
      return code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
