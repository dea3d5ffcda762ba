import { domainToASCII } from 'node:url';
import { getDomain } from 'tldts';
import { normalValue, parsePort, type Normalised } from './value.ts';

/** Both parts of the public suffix list count: every customer of `duckdns.org` has a name below it. */
const suffixOptions = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };

/** Names for the own machine, and the reverse trees, are asked for by everybody. */
const everydayNames = ['.localhost', '.localdomain', '.in-addr.arpa', '.ip6.arpa'];

/**
 * A DNS name in lower case and punycode, without the final dot, a leading `*.` or `.`, and a port. Refused are single
 * labels and public suffixes, because an entry covers all names below it.
 */
export function normaliseDomain(text: string): Normalised {
  const colon = text.indexOf(':');
  const port = colon < 0 ? undefined : parsePort(text.slice(colon + 1));
  if (colon >= 0 && port === undefined) return 'is no domain name';
  const name = hostName(colon < 0 ? text : text.slice(0, colon));
  return name === undefined ? 'is no domain name' : judged(name, port);
}

/** The same for text that is a name in normal form already; undefined for any other. The quick way for long lists. */
export function plainDomain(text: string): Normalised | undefined {
  return isName(text) ? judged(text, undefined) : undefined;
}

function judged(name: string, port: number | undefined): Normalised {
  if (everydayNames.some((end) => name.endsWith(end)) || everydayNames.includes(`.${name}`)) {
    return 'is a name of every machine';
  }
  if (getDomain(name, suffixOptions) === null) return 'is a public suffix: all names of its customers lie below it';
  return normalValue('domain', name, port);
}

/** Registered domain by both parts of the public suffix list; undefined for a bare suffix. */
export function registeredDomain(name: string): string | undefined {
  return getDomain(name, suffixOptions) ?? undefined;
}

/** Lower case, punycode, at least two labels with letters, digits, `-` and `_`; undefined for anything else. */
export function hostName(text: string): string | undefined {
  let name = text;
  if (name.startsWith('*.')) name = name.slice(2);
  else if (name.startsWith('.')) name = name.slice(1);
  if (name.endsWith('.')) name = name.slice(0, -1);
  if (isName(name)) return name;
  const lower = name.toLowerCase();
  if (isName(lower)) return lower;
  if (!/[^\0-\x7f]/.test(name)) return undefined;
  const ascii = domainToASCII(name);
  return isName(ascii) ? ascii : undefined;
}

/** RFC 1035 lengths; `_` counts because service and malware names have it. An all-digit end is an address gone wrong. */
function isName(name: string): boolean {
  if (name.length < 3 || name.length > 253) return false;
  return /^(?:[a-z0-9_-]{1,63}\.)+[a-z0-9_-]{1,63}$/.test(name) && !/\.\d+$/.test(name);
}
