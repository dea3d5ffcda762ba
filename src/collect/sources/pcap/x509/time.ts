import type { Micros } from '../../../../base/time.ts';
import { asciiText } from '../wire/text.ts';
import { derTag, type DerElement } from '../../../../base/der.ts';

const utcTime = /^(?<year>\d\d)(?<rest>\d{8})(?<seconds>\d\d)?(?<zone>Z|[+-]\d{4})$/;
const generalizedTime = /^(?<year>\d{4})(?<rest>\d{8})(?<seconds>\d\d)?(?:\.\d+)?(?<zone>Z|[+-]\d{4})$/;

/** UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5) to microseconds; undefined for anything else. */
export function readDerTime(bytes: Uint8Array, element: DerElement): Micros | undefined {
  const text = asciiText(bytes, element.contentStart, Math.min(element.end, element.contentStart + 40));
  const groups = (element.tag === derTag.utcTime ? utcTime : generalizedTime).exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { year = '', rest = '', seconds = '00', zone = 'Z' } = groups;
  const number = (from: number): number => Number(rest.slice(from, from + 2));
  const fullYear = year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, number(0) - 1, number(2));
  date.setUTCHours(number(4), number(6), Number(seconds));
  return (date.getTime() - zoneMinutes(zone) * 60_000) * 1000;
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}
