import type { Container } from './container.ts';
import { accessClient, levelOf } from './message.ts';
import type { Piece } from './piece.ts';

/** Adds to a line what its message and the place of its log tell. */
export function complete(line: Piece, container: Container): Piece {
  const message = line.message ?? '';
  line.log_name = line.log_name?.toWellFormed() ?? null;
  line.log_level = levelOf(message) ?? null;
  line.source_ip = accessClient(message) ?? null;
  line.container_id = container.id;
  line.container_name = container.name;
  line.fields = withFields(line.fields, container.fields);
  return line;
}

/** The place's fields behind the record's own; of the same name the place's counts. */
function withFields(own: string | null, added: Container['fields']): string | null {
  if (Object.keys(added).length === 0) return own;
  if (own === null) return JSON.stringify(added);
  return JSON.stringify({ ...(JSON.parse(own) as object), ...added });
}
