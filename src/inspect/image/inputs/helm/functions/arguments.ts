import type { Runtime, TemplateFunction } from '../execute.ts';
import { toText, type Dictionary, type Value } from '../value.ts';

/** Arguments of a function, by place, in the types that it wants. */
export class Arguments {
  readonly all: readonly Value[];
  readonly runtime: Runtime;

  constructor(all: readonly Value[], runtime: Runtime) {
    this.all = all;
    this.runtime = runtime;
  }

  value(index: number): Value {
    return this.all[index] ?? null;
  }

  get last(): Value {
    return this.all.at(-1) ?? null;
  }

  text(index: number): string {
    return toText(this.value(index), this.runtime.budget);
  }

  /** Texts that are no number are 0, as for Sprig. */
  number(index: number): number {
    return numberOf(this.value(index));
  }

  list(index: number): readonly Value[] {
    const value = this.value(index);
    if (value === null) return [];
    if (!Array.isArray(value)) throw new Error(`argument ${index + 1} is no list`);
    this.runtime.budget.spend(1 + (value.length >> 3));
    return value;
  }

  dictionary(index: number): Dictionary {
    const value = this.value(index);
    if (value === null) return new Map();
    if (!(value instanceof Map)) throw new Error(`argument ${index + 1} is no dictionary`);
    this.runtime.budget.spend(1 + (value.size >> 3));
    return value;
  }
}

export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** Functions written over their arguments. */
export function table(entries: Readonly<Record<string, (args: Arguments) => Value>>): FunctionTable {
  return Object.fromEntries(
    Object.entries(entries).map(([name, run]): [string, TemplateFunction] => [
      name,
      (all, runtime) => run(new Arguments(all, runtime)),
    ]),
  );
}
