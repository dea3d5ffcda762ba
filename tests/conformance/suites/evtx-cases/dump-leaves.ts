/** A value of an event as evtx_dump writes it, under the name that the flat record has for it. */
export interface DumpLeaf {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Every value of evtx_dump's JSON, read without the code that is tested: attributes as `Element_Attribute`, text under the
 * element's name, name spaces left out. A name that an earlier part of the event has gets the later part's before it.
 */
export function dumpLeaves(document: unknown): DumpLeaf[] {
  const leaves: DumpLeaf[] = [];
  const taken = new Set<string>();
  const { Event: event } = document as { readonly Event: Readonly<Record<string, unknown>> };
  for (const [part, content] of Object.entries(event)) {
    if (part === '#attributes') continue;
    const own: DumpLeaf[] = [];
    walk(part, content, own);
    const isRendered = part === 'RenderingInfo';
    for (const { name, value } of own) {
      const isPrefixed = taken.has(name) || (isRendered && name !== 'Message' && !name.startsWith(`${part}_`));
      leaves.push({ name: isPrefixed ? `${part}_${name}` : name, value });
    }
    for (const { name } of own) taken.add(name);
  }
  return leaves;
}

function walk(name: string, value: unknown, leaves: DumpLeaf[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    leaves.push({ name, value });
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === '#attributes') attributes(name, inner as Readonly<Record<string, unknown>>, leaves);
    else walk(key === '#text' ? name : key, inner, leaves);
  }
}

function attributes(name: string, values: Readonly<Record<string, unknown>>, leaves: DumpLeaf[]): void {
  for (const [key, value] of Object.entries(values)) {
    if (!key.startsWith('xmlns')) leaves.push({ name: `${name}_${key}`, value });
  }
}
