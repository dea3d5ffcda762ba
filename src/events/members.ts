/** Members of an event's `fields`: texts, finite numbers and truth values only. */
export type Members = Readonly<Record<string, string | number | boolean>>;

interface Kept {
  readonly text: string;
  readonly members: Readonly<Record<string, unknown>>;
}

const kept = new WeakMap<object, Kept>();

/** Keeps what `fields` of an event was made of beside it, so that live rules need not parse what was just written. */
export function keepMembers(
  event: { readonly fields: string | null },
  members: Readonly<Record<string, unknown>>,
): void {
  if (event.fields !== null) kept.set(event, { text: event.fields, members });
}

/**
 * The members of an event whose `fields` has this text. Undefined when they were not kept, the text is another since, or a value is one that
 * its JSON does not give back as it is (long integers) or that is no scalar.
 */
export function keptMembers(event: object, text: string): Members | undefined {
  const found = kept.get(event);
  if (found?.text !== text) return undefined;
  const { members } = found;
  for (const name in members) if (!isPlain(members[name])) return undefined;
  return members as Members;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}
