import { canonicalIp } from '../../base/ip.ts';
import type { FieldValue, WindowsRecord } from './record.ts';

/** Reads the fields of a record as what a column holds; null for what is not there, not set or of another form. */
export class EventReader {
  readonly #record: WindowsRecord;

  constructor(record: WindowsRecord) {
    this.#record = record;
  }

  /** Text of the first of some fields that is set. */
  text(...names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.#record[name];
      if (value === undefined) continue;
      const text = textOf(value);
      if (text !== '' && text !== '-') return text;
    }
    return null;
  }

  /** A whole number: Windows writes ids as decimal numbers, as decimal text, and as hexadecimal text. */
  integer(...names: readonly string[]): number | null {
    for (const name of names) {
      const value = this.#record[name];
      const number = value === undefined ? undefined : numberOf(value);
      if (number !== undefined) return number;
    }
    return null;
  }

  boolean(name: string): boolean | null {
    const value = this.#record[name];
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'string') return null;
    const text = value.toLowerCase();
    if (text === 'true') return true;
    return text === 'false' ? false : null;
  }

  /** An address; null also for names and for `LOCAL`, which Remote Desktop writes. */
  ip(...names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.#record[name];
      const address = typeof value === 'string' ? canonicalIp(value) : undefined;
      if (address !== undefined) return address;
    }
    return null;
  }

  /** Entries of a list field; a single value is a list of one. */
  list(name: string): readonly string[] {
    const value = this.#record[name];
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly FieldValue[]).map(textOf) : [textOf(value)];
  }

  /** `DOMAIN\user` of two fields, or the user alone. */
  account(userName: string, domainName: string): string | null {
    const user = this.text(userName);
    const domain = this.text(domainName);
    return user === null || domain === null ? user : `${domain}\\${user}`;
  }
}

/** Text of a value, lists as JSON. */
function textOf(value: FieldValue): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value);
}

function numberOf(value: FieldValue): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !wholeNumber.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

const wholeNumber = /^(?:-?\d{1,16}|0x[\da-f]{1,14})$/i;
