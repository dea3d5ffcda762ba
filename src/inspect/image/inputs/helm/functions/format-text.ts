import type { Budget } from '../budget.ts';
import { toText, type Value } from '../value.ts';
import { numberOf } from './arguments.ts';

const maxWidth = 1000;

/** `printf` of Go, as far as templates use it: `%s %q %v %d %x %f %t %%`, with width, precision and flags `-` and `0`. */
export function formatText(format: string, values: readonly Value[], budget: Budget): string {
  let next = 0;
  return format.replace(
    /%(?<flags>[-+# 0]*)(?<width>\d*)(?:\.(?<precision>\d*))?(?<verb>[a-zA-Z%])/g,
    (...parts): string => {
      const {
        flags = '',
        width = '',
        precision,
        verb = '',
      } = parts.at(-1) as Readonly<Record<string, string | undefined>>;
      if (verb === '%') return '%';
      const text = formatOne(verb, values[next++] ?? null, precision, budget);
      const size = Math.min(Number(width), maxWidth);
      if (flags.includes('-')) return text.padEnd(size);
      return text.padStart(size, flags.includes('0') ? '0' : ' ');
    },
  );
}

function formatOne(verb: string, value: Value, precision: string | undefined, budget: Budget): string {
  const digits = precision === undefined ? undefined : Math.min(Number(precision), 100);
  switch (verb) {
    case 'q':
      return JSON.stringify(toText(value, budget));
    case 'd':
      return String(Math.trunc(numberOf(value)));
    case 'x':
      return typeof value === 'number' ? value.toString(16) : Buffer.from(toText(value, budget)).toString('hex');
    case 'f':
      return numberOf(value).toFixed(digits ?? 6);
    case 's':
    case 'v':
      return value === null ? '%!s(<nil>)' : toText(value, budget).slice(0, digits);
    default:
      return toText(value, budget);
  }
}
