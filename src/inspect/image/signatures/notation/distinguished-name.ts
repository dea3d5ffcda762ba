/** Attributes of a distinguished name by their short names in upper case. */
export type DistinguishedName = ReadonlyMap<string, string>;

/** Attributes that the trust policy asks of every trusted identity. */
const mandatory = ['C', 'ST', 'O'] as const;

/**
 * A name as a trust policy has it (RFC 4514, `C=US, ST=WA, O=example`): one value for each attribute, with country, state and
 * organisation. A text says what is wrong.
 */
export function parseDistinguishedName(text: string): DistinguishedName | string {
  const name = new Map<string, string>();
  for (const part of splitUnescaped(text, ',')) {
    if (splitUnescaped(part, '+').length > 1) return 'attributes of several values are not allowed';
    const equals = part.indexOf('=');
    const attribute = normalAttribute(part.slice(0, Math.max(equals, 0)).trim());
    if (attribute === '') return `${JSON.stringify(part)} is no attribute with a value`;
    if (name.has(attribute)) return `${attribute} is there twice`;
    name.set(attribute, unescaped(part.slice(equals + 1).trim()));
  }
  const missing = mandatory.find((attribute) => (name.get(attribute) ?? '') === '');
  return missing === undefined ? name : `${missing} is missing`;
}

/** The subject of a certificate as node:crypto gives it: a line for each attribute. A repeated attribute cannot be matched. */
export function subjectName(subject: string): DistinguishedName {
  const name = new Map<string, string>();
  for (const line of subject.split('\n')) {
    const equals = line.indexOf('=');
    const attribute = normalAttribute(line.slice(0, Math.max(equals, 0)));
    name.set(attribute, name.has(attribute) ? '' : unescaped(line.slice(equals + 1)));
  }
  return name;
}

/** Whether every attribute of `part` stands in `whole` with the same value. */
export function isSubset(part: DistinguishedName, whole: DistinguishedName): boolean {
  return [...part].every(([attribute, value]) => whole.get(attribute) === value);
}

function normalAttribute(name: string): string {
  const upper = name.toUpperCase();
  return upper === 'S' ? 'ST' : upper;
}

/** Splits at a divider that no backslash stands before. */
function splitUnescaped(text: string, divider: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === divider) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?<character>.)/g, '$<character>');
}
