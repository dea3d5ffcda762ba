/** Reads what stands at a path of a record; undefined when nothing does. */
export type Get = (record: Readonly<Record<string, unknown>>) => unknown;

/** A flat record has the whole path as its key. */
export function flatGet(path: string): Get {
  return (record) => record[path];
}

/**
 * A nested record is walked along the dots; after `[]` every entry of the list (or the single value that stands in
 * its place) is walked on, and what is found is one flat list.
 */
export function nestedGet(path: string): Get {
  const steps = path.split('.').map((step) => ({ key: step.replace(/\[\]$/, ''), isList: step.endsWith('[]') }));
  if (steps.some((step) => step.isList)) return (record) => walkLists(record, steps, 0);
  const keys = steps.map((step) => step.key);
  const [first = '', second] = keys;
  if (second === undefined) return (record) => record[first];
  return (record) => {
    let value: unknown = record;
    for (const key of keys) {
      if (!isObject(value)) return undefined;
      value = value[key];
    }
    return value;
  };
}

/** True for a path that gives the entries of a list. */
export function walksList(path: string): boolean {
  return path.includes('[]');
}

type Steps = readonly { readonly key: string; readonly isList: boolean }[];

function walkLists(value: unknown, steps: Steps, at: number): unknown {
  const step = steps[at];
  if (step === undefined) return value;
  if (!isObject(value)) return undefined;
  const found = value[step.key];
  if (!step.isList || found === undefined || found === null) return walkLists(found, steps, at + 1);
  const entries: readonly unknown[] = Array.isArray(found) ? found : [found];
  const results = entries.map((entry) => walkLists(entry, steps, at + 1)).flat();
  const present = results.filter((result) => result !== undefined && result !== null);
  return present.length === 0 && entries.length > 0 ? undefined : present;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
