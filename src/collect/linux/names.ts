import errors from './data/errors.json' with { type: 'json' };
import { capabilityNames } from '../../events/capabilities.ts';
import names from './data/names.json' with { type: 'json' };

const errorTable: Readonly<Record<string, readonly string[]>> = errors;
const signals = names.signal.split(' ');

/** `ENOENT` for 2; undefined when no error has that number. */
export function errorName(number: number): string | undefined {
  return errorTable[number]?.[0];
}

/** `No such file or directory` for 2. */
export function errorText(number: number): string | undefined {
  return errorTable[number]?.[1];
}

/** `SIGKILL` for 9; undefined for none and for real-time signals. */
export function signalName(number: number): string | undefined {
  return number > 0 ? signals[number] : undefined;
}

/** Names of the capabilities in a mask, in the order of their numbers: `chown`, `sys_admin` … */
export function capabilitiesIn(mask: bigint): string[] {
  return capabilityNames.filter((_name, index) => (mask & (1n << BigInt(index))) !== 0n);
}

/** Numbers of errors by name: 2 for `ENOENT`. */
export const errorNumbers: ReadonlyMap<string, number> = new Map(
  Object.entries(errorTable).flatMap(([number, [name]]) =>
    name === undefined ? [] : [[name, Number(number)] as const],
  ),
);
