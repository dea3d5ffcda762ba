import { quoteValue } from '../filter/escaping.ts';
import type { FieldSpec } from './field.ts';

/** A field as a rule names it: which one, and with what argument. */
export interface NamedField {
  readonly spec: FieldSpec;
  readonly argument: string | undefined;
}

/** Fields whose argument may stand behind a dot instead of in brackets: `evt.arg.flags`. */
const dottedArguments = ['evt.arg', 'evt.rawarg', 'evt.around', 'evt.abspath', 'thread.cgroup'] as const;

/** The fields of one source of events. */
export class FieldCatalog {
  readonly #byName = new Map<string, FieldSpec>();

  constructor(...groups: readonly (readonly FieldSpec[])[]) {
    for (const spec of groups.flat()) if (!this.#byName.has(spec.name)) this.#byName.set(spec.name, spec);
  }

  /** The field, or undefined when there is none of this name that takes (or does without) this argument. */
  find(name: string, argument?: string): NamedField | undefined {
    const spec = this.#byName.get(name);
    if (spec !== undefined) return takes(spec, argument) ? { spec, argument } : undefined;
    if (argument !== undefined) return undefined;
    for (const base of dottedArguments) {
      const rest = name.startsWith(`${base}.`) ? name.slice(base.length + 1) : '';
      const found = rest === '' ? undefined : this.#byName.get(base);
      if (found !== undefined) return { spec: found, argument: rest };
    }
    return undefined;
  }

  /** The field of a text such as `proc.aname[2]`. */
  findText(text: string): NamedField | undefined {
    const bracket = text.indexOf('[');
    if (bracket < 0) return this.find(text);
    return text.endsWith(']') ? this.find(text.slice(0, bracket), text.slice(bracket + 1, -1)) : undefined;
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }
}

function takes(spec: FieldSpec, argument: string | undefined): boolean {
  return argument === undefined ? spec.argument !== 'required' : spec.argument !== 'none';
}

/** How Falco writes a field with its argument in messages. */
export function fieldText(name: string, argument: string | undefined): string {
  return argument === undefined ? name : `${name}[${quoteValue(argument)}]`;
}
