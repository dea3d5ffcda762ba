/**
 * What a column holds, and what stands for it in TypeScript, DuckDB and JSON Schema:
 * `time` µs UTC, `duration` µs, `ip` canonical text (RFC 5952 for IPv6), `json` JSON text, `text[]` a list.
 */
export type ColumnType = 'text' | 'integer' | 'real' | 'boolean' | 'time' | 'duration' | 'ip' | 'text[]' | 'json';

export interface ColumnSpec<T extends ColumnType = ColumnType> {
  readonly type: T;
  readonly description: string;
  /** Unit of a number where its name does not say it: `µs`, `bytes`, `packets`. */
  readonly unit?: string;
  /** Name in the Elastic Common Schema; absent when ECS has none. */
  readonly ecs?: string;
}
export type Columns = Readonly<Record<string, ColumnSpec>>;

export interface KindSpec<Id extends string = string, C extends Columns = Columns> {
  readonly id: Id;
  readonly title: string;
  /** One sentence: what one row stands for. */
  readonly description: string;
  readonly columns: C;
}

export interface ValueOf {
  readonly text: string;
  readonly integer: number;
  readonly real: number;
  readonly boolean: boolean;
  readonly time: number;
  readonly duration: number;
  readonly ip: string;
  readonly 'text[]': readonly string[];
  readonly json: string;
}

type ColumnValue<S> = S extends ColumnSpec<infer T> ? ValueOf[T] | null : never;
export type RowOf<C extends Columns> = { -readonly [Name in keyof C]: ColumnValue<C[Name]> };

const column =
  <T extends ColumnType>(type: T, unit?: string) =>
  (description: string, ecs?: string): ColumnSpec<T> => ({
    type,
    description,
    ...(unit === undefined ? {} : { unit }),
    ...(ecs === undefined ? {} : { ecs }),
  });

/** Column builders: `text('what it is', 'ecs.name')`. */
export const text = column('text');
export const integer = column('integer');
export const boolean = column('boolean');
export const time = column('time', 'µs');
export const duration = column('duration', 'µs');
export const ip = column('ip');
export const list = column('text[]');
const json = column('json');
export const bytes = column('integer', 'bytes');
export const packets = column('integer', 'packets');

/** Columns that every kind has, first in every table. `time` and `evidence_id` are never null. */
export const commonColumns = {
  time: time('When it happened; for things with a length, when it began.', '@timestamp'),
  event_dataset: text('Format and log it came from: `zeek.conn`, `suricata.dns`, `auditd.syscall`.', 'event.dataset'),
  sensor: text('Name of the sensor that saw it, where the record tells.', 'observer.name'),
  host_name: text('Host that the record is about or was written on, where it tells.', 'host.name'),
  evidence_id: integer('Row of the `evidence` table that it was read from.'),
  evidence_at: integer('Line, record or packet number in that evidence, counted from 1.'),
  fields: json('Fields of the record that have no column here, as one JSON object under their own names.'),
  raw: text('The record as it stood, where the policy keeps it.', 'event.original'),
} as const;

/** Both ends of a connection and the keys it is joined by. */
export const connectionColumns = {
  source_ip: ip('Address of the side that opened the connection.', 'source.ip'),
  source_port: integer('Port of that side; ICMP type for ICMP.', 'source.port'),
  destination_ip: ip('Address of the side that answered.', 'destination.ip'),
  destination_port: integer('Port of that side; ICMP code for ICMP.', 'destination.port'),
  network_transport: text('`tcp`, `udp`, `icmp`, `sctp`, in lower case.', 'network.transport'),
  network_community_id: text('Community ID 1.0 flow hash.', 'network.community_id'),
  uid: text("Zeek's connection uid or Suricata's flow_id, as text: joins the logs of one connection."),
} as const;

/** Who did it, on a host. Ids are decimal; -1 stands for unset. */
export const actorColumns = {
  process_pid: integer('Process id.', 'process.pid'),
  process_name: text("Short name of the process (the kernel's comm).", 'process.name'),
  process_executable: text('Absolute path of the executable.', 'process.executable'),
  process_command_line: text('Full command line, arguments joined by blanks.', 'process.command_line'),
  process_parent_pid: integer('Process id of the parent.', 'process.parent.pid'),
  process_parent_name: text('Short name of the parent.', 'process.parent.name'),
  process_parent_executable: text('Executable of the parent.', 'process.parent.executable'),
  process_parent_command_line: text('Command line of the parent.', 'process.parent.command_line'),
  process_working_directory: text('Current directory.', 'process.working_directory'),
  process_tty: text('Terminal; null for none.', 'process.tty.name'),
  user_id: integer('Effective user id.', 'user.effective.id'),
  user_name: text('Effective user name.', 'user.effective.name'),
  login_id: integer('Login (audit) user id: who logged in, through su and sudo.', 'user.id'),
  login_name: text('Login user name.', 'user.name'),
  session_id: text('Login session.'),
  container_id: text('Container id, where the record tells.', 'container.id'),
  container_name: text('Container name.', 'container.name'),
  container_image_name: text('Image that the container was started from.', 'container.image.name'),
} as const;

/** Declares a kind; its own columns follow the common ones. */
export function defineKind<const Id extends string, const C extends Columns>(
  kind: KindSpec<Id, C>,
): KindSpec<Id, typeof commonColumns & C> {
  return { ...kind, columns: { ...commonColumns, ...kind.columns } };
}
