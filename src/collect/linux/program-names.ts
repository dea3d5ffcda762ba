import type { EventRow } from '../../events/event.ts';

/** Last part of a path. */
function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A container's id without the name of the runtime before it: `containerd://…`. */
function withoutScheme(id: string): string {
  const at = id.indexOf('://');
  return at < 0 ? id : id.slice(at + 3);
}

/** What the kernel writes for no login, as an unsigned number. */
const unsetId = 4_294_967_295;

/** Puts the columns of an actor right: names of programs from their paths, -1 for an id that is unset. */
export function finishActor(row: EventRow): void {
  nameFrom(row, 'process_executable', 'process_name');
  nameFrom(row, 'process_parent_executable', 'process_parent_name');
  for (const column of ['user_id', 'login_id']) if (row[column] === unsetId) row[column] = -1;
  const container = row['container_id'];
  if (typeof container === 'string') row['container_id'] = container === '' ? null : withoutScheme(container);
}

function nameFrom(row: EventRow, from: string, to: string): void {
  const path = row[from];
  if (typeof path === 'string' && path !== '' && (row[to] ?? null) === null) row[to] = lastPart(path);
}
