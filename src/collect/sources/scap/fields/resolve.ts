import { accountFields } from './account-fields.ts';
import { containerFields } from './container-fields.ts';
import { descriptorFields } from './descriptor-fields.ts';
import { eventFields } from './event-fields.ts';
import type { Field, FieldSource } from './field.ts';
import { pathFields } from './path-fields.ts';
import { processFields } from './process-fields.ts';
import { timeFields } from './time-fields.ts';

const fields: Readonly<Record<string, FieldSource>> = {
  ...eventFields,
  ...timeFields,
  ...processFields,
  ...descriptorFields,
  ...pathFields,
  ...accountFields,
  ...containerFields,
};

/** Fields whose argument may also stand behind a dot: `evt.arg.flags`, `thread.cgroup.cpu`. */
const dotted = ['evt.arg.', 'evt.rawarg.', 'thread.cgroup.', 'container.label.'];

/** The field of a rule, or why a capture has none of that name. */
export function resolveField(name: string, argument?: string): Field | { readonly absent: string } {
  const source = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (source !== undefined) return made(source, name, argument);
  const prefix = dotted.find((start) => name.startsWith(start));
  if (prefix !== undefined && argument === undefined) {
    const owner = fields[prefix.slice(0, -1)];
    if (owner !== undefined) return made(owner, name, name.slice(prefix.length));
  }
  return { absent: 'captures of system calls have no such field' };
}

function made(source: FieldSource, name: string, argument: string | undefined): Field | { readonly absent: string } {
  const field = typeof source === 'function' ? source(argument) : source;
  return field ?? { absent: `${name} does not take this argument` };
}
