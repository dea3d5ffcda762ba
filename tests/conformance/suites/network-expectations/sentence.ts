import { parseIp } from '../../../../src/base/ip.ts';
import { severityRank, type Finding } from '../../../../src/events/finding.ts';

/** One thing that a sentence of others expects: what kind of finding, and the addresses and ports that it names. */
export interface Expectation {
  readonly text: string;
  /** Undefined for words that no entry of `phrases` knows. */
  readonly fits: ((finding: Finding) => boolean) | undefined;
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

interface Phrase {
  readonly words: RegExp;
  readonly fits: (finding: Finding) => boolean;
}

/** In order: a phrase takes its words away from those below it. */
const phrases: readonly Phrase[] = [
  { words: /horizontal (?:port )?scan/giu, fits: isScan(/^horizontal scan/u) },
  { words: /vertical (?:port )?scan/giu, fits: isScan(/^vertical scan/u) },
  { words: /(?:dhcp) scan/giu, fits: isScan(/^DHCP scan/u) },
  { words: /(?:icmp|ping) (?:scan|sweep)/giu, fits: isScan(/^ICMP scan/u) },
  { words: /(?:arp) scan/giu, fits: isScan(/^ARP scan/u) },
  { words: /port scan/giu, fits: isScan(/^(?:horizontal|vertical) scan/u) },
  {
    words: /\b(?:c2|c&c|command and control)\b(?: (?:beacons?|channel|connections?))?|\bbeacons?\b/giu,
    fits: (finding) =>
      isOf(finding, 'beacon', 'strobe', 'long-connection') && severityRank(finding.severity) >= severityRank('low'),
  },
  {
    words: /dns txt answer with high entropy/giu,
    fits: (finding) => isOf(finding, 'dns-tunnel') && /TXT answer with high entropy/u.test(finding.title),
  },
  { words: /dns tunnel/giu, fits: (finding) => isOf(finding, 'dns-tunnel') },
  {
    words: /non-(?:ssl|tls) (?:established )?connection/giu,
    fits: (finding) => isOf(finding, 'unusual-port') && /^(?!ssl |tls )\S.* on port /u.test(finding.title),
  },
  {
    words: /(?:connection to )?unknown destination port/giu,
    fits: (finding) => isOf(finding, 'unusual-port') && /in no known protocol/u.test(finding.title),
  },
  { words: /long connection/giu, fits: (finding) => isOf(finding, 'long-connection') },
  { words: /exfiltration|data upload/giu, fits: (finding) => isOf(finding, 'exfiltration') },
];

function isOf(finding: Finding, ...ids: readonly string[]): boolean {
  return ids.some((id) => finding.detector === `analytics/${id}`);
}

function isScan(title: RegExp): (finding: Finding) => boolean {
  return (finding) => isOf(finding, 'scan') && title.test(finding.title);
}

/** Every expectation of a sentence. A part between semicolons without a known phrase is one that nothing fits. */
export function readSentence(sentence: string): Expectation[] {
  return sentence.split(';').flatMap((part) => readPart(part.trim()));
}

function readPart(part: string): Expectation[] {
  if (part === '') return [];
  const found: { readonly start: number; readonly end: number; readonly phrase: Phrase }[] = [];
  for (const phrase of phrases) {
    for (const match of part.matchAll(phrase.words)) {
      const start = match.index;
      const end = start + match[0].length;
      if (found.every((other) => end <= other.start || start >= other.end)) found.push({ start, end, phrase });
    }
  }
  if (found.length === 0) return [{ text: part, fits: undefined, addresses: [], ports: [] }];
  found.sort((a, b) => a.start - b.start);
  return found.map(({ start, phrase }, index) => {
    // A lone phrase may have its addresses in front of it.
    const text = part.slice(found.length === 1 ? 0 : start, found[index + 1]?.start);
    return { text: text.trim(), fits: phrase.fits, ...readPlaces(text) };
  });
}

/** Addresses, `address:port`, `80/tcp`, `port 80` and `on 80`. */
function readPlaces(text: string): { readonly addresses: string[]; readonly ports: number[] } {
  const addresses: string[] = [];
  const ports: number[] = [];
  const words = text.split(/[\s,()]+/u).map((word) => word.replace(/[.:]$/u, ''));
  for (const [index, word] of words.entries()) {
    const { host = word, port } = /^(?<host>[\d.]+):(?<port>\d+)$/u.exec(word)?.groups ?? {};
    if (parseIp(host) !== undefined) addresses.push(host);
    const isPort = /^(?:on|ports?)$/iu.test(words[index - 1] ?? '') && /^\d+$/u.test(word);
    const number = port ?? /^(?<number>\d+)\/(?:tcp|udp|sctp)$/iu.exec(word)?.groups?.['number'];
    if (number !== undefined) ports.push(Number(number));
    else if (isPort) ports.push(Number(word));
  }
  return { addresses, ports };
}

/** The finding is of the kind, has every address among its entities, and names every port in its title. */
export function isFor(finding: Finding, { fits, addresses, ports }: Expectation): boolean {
  if (fits === undefined || !fits(finding)) return false;
  const words = new Set(finding.title.split(/[^\w.]+/u));
  return (
    addresses.every((address) => finding.entities.some(({ value }) => value === address)) &&
    ports.every((port) => words.has(String(port)))
  );
}
