/** Text of one header that is searched for addresses. */
const maxText = 65_536;

/**
 * Mail addresses in the argument of a command, in order, without brackets: what stands around an `@` up to the next separator
 * (zeek/zeek scripts/base/utils/email.zeek).
 */
export function mailAddressesIn(text: string): string[] {
  const words = text.slice(0, maxText).split(/[<>,;:\s]+/);
  return words.filter((word) => /^[^@]+@./.test(word));
}

/** The entries of an address header: separated by commas that do not stand in quotes. */
export function mailboxesIn(text: string): string[] {
  const entries: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    if (character !== ',' || isQuoted) continue;
    entries.push(text.slice(start, at).trim());
    start = at + 1;
  }
  entries.push(text.slice(start).trim());
  return entries.filter((entry) => entry !== '');
}

/** Candidates for addresses in a header: digits, hexadecimal letters, points and colons in a row, with the tag of RFC 5321, 4.1.3. */
const candidate = /(?:IPv6:)?(?<address>[0-9A-Fa-f:.]{2,45})/gi;

/** IP addresses in a header, in order. With `wrapped` only those in brackets or parentheses, as Received headers write them. */
export function ipAddressesIn(
  text: string,
  wrapped: boolean,
  canonical: (text: string) => string | undefined,
): string[] {
  const found: string[] = [];
  for (const match of text.slice(0, maxText).matchAll(candidate)) {
    const address = canonical((match.groups?.['address'] ?? '').replace(/[.]$/, ''));
    if (address === undefined) continue;
    const before = text[match.index - 1];
    const after = text[match.index + match[0].length];
    const isWrapped = (before === '[' && after === ']') || (before === '(' && after === ')');
    if (!wrapped || isWrapped) found.push(address);
  }
  return found;
}
