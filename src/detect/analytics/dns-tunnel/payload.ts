import { ramp } from '../../ramp.ts';
import { alphabetOf, bitsOf, type Alphabet } from './alphabet.ts';
import { findCounter, type Counter } from './counter.ts';
import { measureText } from './text-statistics.ts';

/** What the names below one domain could carry. */
export interface Payload {
  readonly names: number;
  /** Characters before the domain in all names. */
  readonly characters: number;
  /** Characters of labels that change from name to name, per name. */
  readonly meanCharacters: number;
  /** Shannon entropy of those characters, in bits each. */
  readonly bitsPerCharacter: number;
  /** How sure it is that they are encoded data and not words or names that somebody made up, 0 to 1. */
  readonly encodedness: number;
  /** `text` when they are not encoded. */
  readonly encoding: Alphabet;
  /** Bytes that the names can have carried, decoded. */
  readonly estimatedBytes: number;
  /** A label counts the names. */
  readonly hasCounter: boolean;
  /** Share of the changing characters that are an address at the beginning, forwards or reversed: look-ups in block lists. */
  readonly addressShare: number;
  /** Share of names that are one label of letters as browsers make up to see whether a network answers every name. */
  readonly probeShare: number;
  readonly examples: readonly string[];
  /** Names by the length of their longest label that changes, 0 to 63 characters. */
  readonly labelLengths: readonly number[];
}

/** Labels of a name that are looked at; a name of 255 bytes could have 127. */
const maxLabels = 16;
/** A label that stands in more than this share of the names is structure, not payload. */
const structureShare = 0.05;

const leadingAddress = /^(?:(?:\d{1,3}\.){4}|(?:[0-9a-f]\.){16})/;

/** The most that so many names of so many characters could be, before anybody has read them. */
export function unreadPayload(names: number, characters: number): Payload {
  return {
    names,
    characters,
    meanCharacters: characters / Math.max(1, names),
    bitsPerCharacter: bitsOf.bytes,
    encodedness: 1,
    encoding: 'bytes',
    estimatedBytes: Math.floor((characters * bitsOf.bytes) / 8),
    hasCounter: true,
    addressShare: 0,
    probeShare: 0,
    examples: [],
    labelLengths: [],
  };
}

/** Chromium asks for three names of 7 to 15 random letters at each start (intranet_redirect_detector.cc). */
const browserProbe = /^[a-z]{7,15}$/;

/**
 * Looks at distinct names below a registered domain, in the order of asking, as one body of text.
 * `totalCharacters` is that of all names when only some are given: the estimate grows with it.
 */
export function analysePayload(names: readonly string[], domain: string, totalCharacters?: number): Payload {
  const subs = names.map((name) =>
    name.length > domain.length ? unescapeBytes(name.slice(0, -domain.length - 1)) : '',
  );
  const addressLabels = subs.map((sub) => (leadingAddress.exec(`${sub}.`)?.[0].split('.').length ?? 1) - 1);
  const split = subs.map((sub) => sub.split('.', maxLabels));
  const isLookUp = addressLabels.filter((count) => count > 0).length > 0.5 * names.length;
  const counter = isLookUp ? undefined : findCounter(split);
  const labels = payloadLabels(split, counter);
  const pieces = labels.flat().filter((label) => label !== '');
  const text = measureText(pieces);
  const characters = lengthOf(pieces);
  const alphabet = alphabetOf(pieces);
  const encodedness = encodednessOf(text, alphabet);
  const encoding = encodedness < 0.5 ? 'text' : alphabet;
  const given = names.reduce((sum, name) => sum + Math.max(0, name.length - domain.length - 1), 0);
  const scale = totalCharacters === undefined || given === 0 ? 1 : Math.max(1, totalCharacters / given);
  const bits = encoding === 'text' ? text.bits : bitsOf[encoding];
  const inAddresses = sum(labels.map((list, index) => lengthOf(list.slice(0, addressLabels[index]))));
  return {
    names: names.length,
    characters: Math.max(given, totalCharacters ?? 0),
    meanCharacters: names.length === 0 ? 0 : characters / names.length,
    bitsPerCharacter: text.bits,
    encodedness,
    encoding,
    estimatedBytes: Math.floor((characters * scale * bits) / 8),
    hasCounter: counter !== undefined,
    addressShare: isLookUp && characters > 0 ? inAddresses / characters : 0,
    probeShare: names.length === 0 ? 0 : subs.filter((sub) => browserProbe.test(sub)).length / names.length,
    examples: names.slice(0, 3),
    labelLengths: longestLabels(labels),
  };
}

/** Bytes of a label, at most (RFC 1035, 2.3.4). */
const maxLabelLength = 63;

function longestLabels(names: readonly (readonly string[])[]): number[] {
  const counts = Array.from({ length: maxLabelLength + 1 }, () => 0);
  for (const labels of names) {
    const length = labels.reduce((most, label) => Math.max(most, label.length), 0);
    const at = Math.min(maxLabelLength, length);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function lengthOf(pieces: readonly string[]): number {
  return sum(pieces.map((piece) => piece.length));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Zeek writes bytes that are no text as `\xNN`: each becomes one character again. */
function unescapeBytes(text: string): string {
  if (!text.includes('\\x')) return text;
  return text.replace(/\\x(?<code>[0-9a-f]{2})/g, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/**
 * The labels of each name that can carry something, in their places and without what they begin with: those that hardly
 * any other name has. The others are empty.
 */
function payloadLabels(names: readonly (readonly string[])[], counter: Counter | undefined): string[][] {
  const frequency = new Map<string, number>();
  for (const name of names) for (const label of name) frequency.set(label, (frequency.get(label) ?? 0) + 1);
  const limit = Math.max(2, names.length * structureShare);
  const carrying = names.map((name) =>
    name.map((label, index) => {
      if ((frequency.get(label) ?? 0) > limit) return '';
      return counter?.depth === name.length - 1 - index ? counter.without(label) : label;
    }),
  );
  const prefix = commonPrefix(carrying.map((labels) => labels[0] ?? ''));
  if (prefix === '') return carrying;
  return carrying.map(([first = '', ...rest]) => [
    first.startsWith(prefix) ? first.slice(prefix.length) : first,
    ...rest,
  ]);
}

/** Share of labels that must begin alike. */
const prefixShare = 0.9;

/** What nearly all labels begin with; empty when that is half of them or more: then it is a name with a number, as `desktop-4f7a`. */
function commonPrefix(labels: readonly string[]): string {
  if (labels.length < 4) return '';
  let prefix = '';
  for (let length = 1; length <= 63; length++) {
    const counts = new Map<string, number>();
    for (const label of labels) {
      if (label.length > length && label.startsWith(prefix)) {
        const head = label.slice(0, length);
        counts.set(head, (counts.get(head) ?? 0) + 1);
      }
    }
    const next = [...counts].find(([, count]) => count >= prefixShare * labels.length)?.[0];
    if (next === undefined) break;
    prefix = next;
  }
  const mean = labels.reduce((sum, label) => sum + label.length, 0) / labels.length;
  return prefix.length * 2 < mean ? prefix : '';
}

/**
 * Encrypted or packed data has characters that are independent of each other and evenly spread, in any alphabet. Text that
 * was only encoded keeps some order, and shows by digits among letters: hex in its narrow alphabet, base32 and base64 by
 * an even spread that words do not have.
 */
function encodednessOf(text: ReturnType<typeof measureText>, alphabet: Alphabet): number {
  if (text.characters === 0) return 0;
  const independent = (1 - ramp(text.foretelling, 0.12, 0.28)) * ramp(text.evenness, 0.88, 0.95);
  const mixed = ramp(text.mixing, 0.1, 0.17);
  const spread = alphabet === 'hex' ? 1 : ramp(text.evenness, 0.88, 0.93);
  return Math.max(independent, mixed * spread);
}
