import type { EventRow } from '../../src/events/event.ts';
import { keepMembers, keptMembers } from '../../src/events/members.ts';

/** What differs from event to event on a real host, as columns and as members of `fields`: command lines, and the folders of files. */
const commandLines: ReadonlySet<string> = new Set(['process_command_line', 'CommandLine']);
const paths: ReadonlySet<string> = new Set(['file_path', 'registry_path', 'TargetFilename', 'TargetObject']);

/**
 * So many events of a few recorded ones: over and over, each time with texts of their own where a host's would have some. What comes again
 * on a host too, programs and users, stays.
 */
export function variedEvents(recorded: readonly EventRow[], count: number): EventRow[] {
  const members = recorded.map(({ fields }) => JSON.parse(String(fields ?? '{}')) as Record<string, unknown>);
  return Array.from({ length: count }, (_none, number) => {
    const at = number % recorded.length;
    const own = varied(members[at] ?? {}, number);
    const event = { ...varied(recorded[at] ?? {}, number), fields: JSON.stringify(own) };
    // As the source does that made the recorded one.
    if (recorded[at] !== undefined && isKept(recorded[at])) keepMembers(event, own);
    return event as EventRow;
  });
}

function isKept(event: EventRow): boolean {
  return keptMembers(event, String(event['fields'])) !== undefined;
}

function varied(values: Readonly<Record<string, unknown>>, number: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'string') return [name, value];
      if (commandLines.has(name)) return [name, `${value} ${number}`];
      return [name, paths.has(name) ? value.replace(/(?=[\\/][^\\/]*$)/, `\\${number}`) : value];
    }),
  );
}
