/** A value of an event as evtx_dump writes it, under the name that the flat record has for it. */
export interface DumpLeaf {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Every value of evtx_dump's JSON, read without the code that is tested: attributes as `Element_Attribute`, text under the
 * element's name, empty elements and name spaces left out.
 */
export function dumpLeaves(document: unknown): DumpLeaf[] {
  const leaves: DumpLeaf[] = [];
  walk('', (document as { readonly Event: unknown }).Event, leaves);
  return leaves;
}

function walk(name: string, value: unknown, leaves: DumpLeaf[]): void {
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
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
