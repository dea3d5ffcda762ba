/** Members of an event's `fields`: texts, finite numbers and truth values only. */
export type Members = Readonly<Record<string, string | number | boolean>>;

interface Kept {
  readonly text: string;
  readonly members: Members;
}

const kept = new WeakMap<object, Kept>();

/**
 * Keeps what `fields` of an event was made of beside it, so that live rules need not parse what was just written. Values that their JSON
 * does not give back as they are (long integers, lists) leave the event to be parsed.
 */
export function keepMembers(
  event: { readonly fields: string | null },
  members: Readonly<Record<string, unknown>>,
): void {
  if (event.fields === null) return;
  for (const name in members) if (!isPlain(members[name])) return;
  kept.set(event, { text: event.fields, members: members as Members });
}

/** The members of an event whose `fields` has this text; undefined when they were not kept, or its text is another since. */
export function keptMembers(event: object, text: string): Members | undefined {
  const found = kept.get(event);
  return found?.text === text ? found.members : undefined;
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}
