import names from '../interpret/data/record-types.json' with { type: 'json' };
import { key, maxRemembered, type Key } from './keys.ts';

const byNumber: Readonly<Record<string, string>> = names;
const numbers = new Uint16Array(maxRemembered + 1);
for (const [number, name] of Object.entries(byNumber)) numbers[key(name).id] = Number(number);

/** Number of a record type (linux/audit.h, libaudit.h); 0 for one that is not known. */
export function numberOfType(type: Key): number {
  return numbers[type.id] ?? 0;
}

/** The kernel log writes `type=1400`, tools older than the kernel `type=UNKNOWN[1334]`: the name, where it is known. */
export function canonicalType(type: Key): Key {
  if (numberOfType(type) !== 0) return type;
  const digits = /^(?:UNKNOWN\[)?(?<number>\d{1,5})\]?$/.exec(type.name)?.groups?.['number'];
  const name = digits === undefined ? undefined : byNumber[digits];
  return name === undefined ? type : key(name);
}

/** Messages of user space and of the audit daemon: each is an event of its own. */
export function isSingle(type: Key): boolean {
  const number = numberOfType(type);
  return (number >= 1100 && number <= 1299) || (number >= 2100 && number <= 2999);
}

/** The audit daemon numbers its own messages, apart from the kernel's serials. */
export function isDaemon(type: Key): boolean {
  const number = numberOfType(type);
  return number >= 1200 && number <= 1299;
}
