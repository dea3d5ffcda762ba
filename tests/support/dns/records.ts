import { microsPerSecond } from '../../../src/base/time.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Random } from '../../fuzz/random.ts';
import { event } from '../event-store.ts';

/** One question of a machine, and what came back. */
export interface Lookup {
  /** µs. */
  readonly time: number;
  readonly client: string;
  readonly resolver: string;
  readonly name: string;
  readonly type: string;
  readonly answers?: readonly string[];
  /** Null when nothing came back. */
  readonly code?: string | null;
}

/** How a sensor logs look-ups: Zeek one row for both, EVE one each, and old EVE the answer in its own direction. */
export const logStyles = ['zeek', 'eve', 'eve-reversed'] as const;
export type LogStyle = (typeof logStyles)[number];

export function toEvents(lookups: readonly Lookup[], style: LogStyle): VakthundEvent[] {
  const events = lookups.flatMap((lookup) => (style === 'zeek' ? [zeekRow(lookup)] : eveRows(lookup, style)));
  return events.sort((a, b) => a.time - b.time).map((row, index) => Object.assign(row, { evidence_at: index + 1 }));
}

function zeekRow(lookup: Lookup): VakthundEvent {
  return event('dns', {
    ...question(lookup),
    ...(lookup.code === null ? {} : answer(lookup)),
    dns_type: null,
    event_dataset: 'zeek.dns',
  });
}

function eveRows(lookup: Lookup, style: LogStyle): VakthundEvent[] {
  const asked = event('dns', { ...question(lookup), dns_type: 'query', event_dataset: 'suricata.dns' });
  if (lookup.code === null) return [asked];
  const { source_ip, source_port, destination_ip, destination_port, ...rest } = question(lookup);
  const ends =
    style === 'eve'
      ? { source_ip, source_port, destination_ip, destination_port }
      : {
          source_ip: destination_ip,
          source_port: destination_port,
          destination_ip: source_ip,
          destination_port: source_port,
        };
  const given = {
    ...rest,
    ...ends,
    ...answer(lookup),
    time: lookup.time + 20_000,
    dns_type: 'answer',
    event_dataset: 'suricata.dns',
  };
  return [asked, event('dns', given)];
}

function question({ time, client, resolver, name, type }: Lookup) {
  const ends = {
    source_ip: client,
    source_port: 40_000,
    destination_ip: resolver,
    destination_port: 53,
    network_transport: 'udp',
  };
  return { ...ends, time, dns_question_name: name, dns_question_type: type };
}

function answer({ answers = [], code = answers.length > 0 ? 'NOERROR' : 'NXDOMAIN' }: Lookup) {
  const addresses = answers.filter((text) => /^[0-9.]+$/.test(text) || text.includes('::'));
  return {
    dns_response_code: code,
    dns_answers: answers.length > 0 ? answers : null,
    dns_resolved_ip: addresses.length > 0 ? addresses : null,
  };
}

const alphabets = {
  hex: '0123456789abcdef',
  base32: 'abcdefghijklmnopqrstuvwxyz234567',
  base36: 'abcdefghijklmnopqrstuvwxyz0123456789',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  letters: 'abcdefghijklmnopqrstuvwxyz',
} as const;
type AlphabetName = keyof typeof alphabets;

/** Random text as it stands in a log: in lower case. */
export function randomText(random: Random, length: number, alphabet: AlphabetName): string {
  const characters = alphabets[alphabet];
  let text = '';
  for (let index = 0; index < length; index++) text += characters[random.below(characters.length)] ?? '';
  return text.toLowerCase();
}

export function between(random: Random, least: number, most: number): number {
  return least + random.below(most - least + 1);
}

/** µs between two askings, scattered around the mean. */
export function pause(random: Random, meanSeconds: number): number {
  return Math.round(meanSeconds * microsPerSecond * (0.5 + random.below(1000) / 1000));
}

const words =
  'customer portal front back service gateway account login static image asset mail store update video stream cloud metrics report event log search index cache proxy edge node cluster prod stage test internal north south west europe asia central region finance people sales legal winkel bestelling klant dienst nyheter kund faktura bild uppdatering monitor alert backup archive share team project build deploy release registry worker queue broker session token auth config content origin public private payment order invoice contact chat voice phone camera printer energy water weather map route booking ticket flight hotel travel loan card market price trade game player match league music artist radio movie comment profile photo story'.split(
    ' ',
  );

export function word(random: Random): string {
  return words[random.below(words.length)] ?? 'word';
}

export function cut(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_none, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}
