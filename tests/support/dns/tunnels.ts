import type { Random } from '../../fuzz/random.ts';
import { between, cut, pause, randomText, word, type Lookup } from './records.ts';

/** A channel that must be found, with the bytes that its names carry. */
export interface Tunnel {
  readonly what: string;
  readonly client: string;
  readonly domain: string;
  readonly bytes: number;
  readonly lookups: readonly Lookup[];
}

export interface Scenery {
  readonly random: Random;
  /** µs. */
  readonly start: number;
  readonly client: string;
  readonly resolver: string;
}

let made = 0;

/** A registered domain of its own for each tunnel. */
function ownDomain(random: Random): string {
  made++;
  return `${word(random)}-${word(random)}${made}.${random.pick(['com', 'net', 'test', 'io', 'se'])}`;
}

/** iodine: much data up in base32 or base128 labels, more down in answers that sensors do not print. */
export function iodine({ random, start, client, resolver }: Scenery): Tunnel {
  const domain = ownDomain(random);
  const type = random.pick(['NULL', 'TXT', 'CNAME', 'TYPE65399', 'MX']);
  const isBytes = random.below(2) === 0 && type === 'NULL';
  const lookups: Lookup[] = [];
  let [time, bytes] = [start, 0];
  for (let index = 0; index < between(random, 120, 500); index++) {
    const length = index % 3 === 0 ? 8 : between(random, 60, 180);
    const text = isBytes ? randomBytes(random, length) : randomText(random, length, 'base32');
    bytes += (length * (isBytes ? 7 : 5)) / 8;
    const name = `${(isBytes ? escapedLabels(text) : cut(text, 57)).join('.')}.t1.${domain}`;
    const answer = type === 'TXT' ? `TXT 120 ${randomText(random, 120, 'base64url')}` : `<unknown type=${type}>`;
    const answers = [
      type === 'CNAME' || type === 'MX' ? `${cut(randomText(random, 120, 'base32'), 57).join('.')}.${domain}` : answer,
    ];
    lookups.push({ time, client, resolver, name, type, answers });
    time += pause(random, 0.3);
  }
  return { what: `iodine ${type} ${isBytes ? 'base128' : 'base32'}`, client, domain, bytes, lookups };
}

/** Bytes of two halves, as base128 has them: ASCII letters and digits, and 0xbc to 0xfd. */
function randomBytes(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) {
    text += random.below(2) === 0 ? randomText(random, 1, 'base36') : String.fromCharCode(between(random, 0xbc, 0xfd));
  }
  return text;
}

/** Zeek's spelling of bytes that are no UTF-8. */
function escapedLabels(text: string): string[] {
  return cut(text, 57).map((label) =>
    Array.from(label, (character) => (character > '~' ? `\\x${character.charCodeAt(0).toString(16)}` : character)).join(
      '',
    ),
  );
}

/** dnscat2: hex labels of up to 60 characters under changing types, short polls between, questions repeated when lost. */
export function dnscat({ random, start, client, resolver }: Scenery): Tunnel {
  const domain = ownDomain(random);
  const lookups: Lookup[] = [];
  let [time, bytes] = [start, 0];
  for (let index = 0; index < between(random, 100, 400); index++) {
    const isPoll = random.below(3) > 0;
    const text = randomText(random, isPoll ? 18 : between(random, 60, 200), 'hex');
    bytes += text.length / 2;
    const type = random.pick(['TXT', 'MX', 'CNAME']);
    const reply = randomText(random, between(random, 18, 100), 'hex');
    const answers = [type === 'TXT' ? `TXT ${reply.length} ${reply}` : `${cut(reply, 60).join('.')}.${domain}`];
    const lookup = { time, client, resolver, name: `${cut(text, 60).join('.')}.${domain}`, type };
    if (random.below(8) === 0) lookups.push({ ...lookup, time: time - 500_000, code: null });
    lookups.push({ ...lookup, answers });
    time += pause(random, 1);
  }
  return { what: 'dnscat', client, domain, bytes, lookups };
}

type Encoding = 'hex' | 'base32' | 'base64url';

export interface SlowOptions {
  readonly alphabet: Encoding;
  /** Packed or encrypted data, or the text as it was. */
  readonly content: 'packed' | 'text';
  readonly bytes: number;
  readonly labelLength: number;
  readonly labels: number;
  readonly counter: 'none' | 'first' | 'last' | 'in-label';
  readonly session: boolean;
  readonly answer: 'address' | 'no-name' | 'nothing';
  readonly days: number;
  readonly bothFamilies: boolean;
}

const bitsOf: Readonly<Record<Encoding, number>> = { hex: 4, base32: 5, base64url: 6 };

/** Numbers of a slow transfer within what must be found: 840 bytes to some 60 kB, labels of 10 to 60 characters. */
export function slowOptions(random: Random): SlowOptions {
  const labelLength = between(random, 10, 60);
  const labels = between(random, 1, labelLength > 40 ? 3 : 4);
  const alphabet = random.pick<Encoding>(['hex', 'base32', 'base64url']);
  const carried = (labelLength * labels * bitsOf[alphabet]) / 8;
  return {
    alphabet,
    content: random.pick(['packed', 'packed', 'text']),
    labelLength,
    labels,
    // Between sixty names and six hundred, from one kilobyte on.
    bytes: Math.max(1000, Math.ceil(carried * between(random, 60, 600))),
    counter: random.pick(['none', 'first', 'last', 'in-label']),
    session: random.below(2) === 0,
    answer: random.pick(['address', 'no-name', 'nothing']),
    days: random.pick([0.05, 0.5, 1, 3, 6]),
    bothFamilies: random.below(3) === 0,
  };
}

/** A file sent piece by piece in the names of A questions. */
export function slow({ random, start, client, resolver }: Scenery, options: SlowOptions): Tunnel {
  const domain = ownDomain(random);
  const session = options.session ? `.${randomText(random, 6, 'hex')}` : '';
  const pieces = cut(encode(content(random, options), options.alphabet), options.labelLength);
  const names = Math.ceil(pieces.length / options.labels);
  const lookups: Lookup[] = [];
  let time = start;
  for (let index = 0; index < names; index++) {
    const labels = pieces.slice(index * options.labels, (index + 1) * options.labels);
    const name = `${numbered(labels, options.counter, index)}${session}.${domain}`;
    const lookup = { client, resolver, name, ...reply(options.answer) };
    const tries = options.answer === 'nothing' ? 3 : 1;
    for (let attempt = 0; attempt < tries; attempt++) {
      lookups.push({ ...lookup, type: 'A', time: time + attempt * 2_000_000 });
    }
    if (options.bothFamilies) lookups.push({ ...lookup, type: 'AAAA', time, answers: [] });
    time += pause(random, (options.days * 86_400) / names);
  }
  const { alphabet, labelLength, labels, counter, answer, days } = options;
  const what = `slow ${options.content} ${alphabet} ${labels}x${labelLength} counter ${counter} answer ${answer} days ${days}`;
  return { what, client, domain, bytes: options.bytes, lookups };
}

/** Text of a kind that is worth taking: a table of accounts. */
function content(random: Random, options: SlowOptions): Buffer {
  if (options.content === 'packed') return Buffer.from(Array.from({ length: options.bytes }, () => random.below(256)));
  let text = '';
  while (text.length < options.bytes) {
    const user = word(random);
    text += `${user}:x:${between(random, 1000, 2000)}:100:${word(random)} ${word(random)}:/home/${user}:/bin/bash\n`;
  }
  return Buffer.from(text.slice(0, options.bytes));
}

/** Encoded, as it stands in a log: in lower case. */
function encode(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'base32' ? base32(bytes) : bytes.toString(encoding).toLowerCase();
}

function base32(bytes: Buffer): string {
  let [text, bits, count] = ['', 0, 0];
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) {
      text += 'abcdefghijklmnopqrstuvwxyz234567'[(bits >> (count - 5)) & 31] ?? '';
    }
  }
  return count === 0 ? text : text + ('abcdefghijklmnopqrstuvwxyz234567'[(bits << (5 - count)) & 31] ?? '');
}

function reply(answer: SlowOptions['answer']): Pick<Lookup, 'answers' | 'code'> {
  if (answer === 'nothing') return { code: null };
  return answer === 'address' ? { answers: ['203.0.113.50'] } : { answers: [] };
}

function numbered(labels: readonly string[], counter: SlowOptions['counter'], index: number): string {
  const text = labels.join('.');
  switch (counter) {
    case 'none':
      return text;
    case 'first':
      return `${index}.${text}`;
    case 'last':
      return `${text}.${index.toString(16).padStart(4, '0')}`;
    case 'in-label':
      return `x${String(index).padStart(4, '0')}-${text}`;
  }
}
