import { formatIso } from '../base/time.ts';
import type { Entity } from '../events/entity.ts';
import type { Reason } from '../events/finding.ts';
import type { Claim, Inspection } from '../inspect/claim.ts';
import type { UserQueryResult } from '../store/store.ts';

/** Asks the tables of a case. */
type Ask = (sql: string, maxRows: number) => Promise<UserQueryResult>;
type Row = ReadonlyMap<string, unknown>;

/** Paths of one question, and what is told of one path: the last ones. */
const maxPaths = 500;
const maxActors = 3;
/** Changes of one question that are looked at: a log that is written all the time has many. */
const maxRows = 20_000;
/** They change no file. */
const harmless = ["'open'", "'read'", "'stat'", "'mount'", "'unmount'"].join(', ');

/**
 * Claims of changed files with who changed them: what sensors recorded in the case since `since` (ISO 8601) for these paths on that host. Each gets the last
 * processes as reasons and as entities, so that they join what else these did. Claims of which nothing was recorded stay as they are.
 */
export async function nameActors(
  inspection: Inspection,
  hostName: string,
  since: string,
  ask: Ask,
): Promise<Inspection> {
  const actors = new Map<string, Actor[]>();
  const paths = [...new Set(inspection.claims.map(({ path }) => path))];
  for (let from = 0; from < paths.length; from += maxPaths) {
    const some = paths.slice(from, from + maxPaths);
    const { columns, rows } = await ask(question(some, hostName, since), maxRows);
    for (const values of rows) {
      const row: Row = new Map(columns.map(({ name }, at) => [name, values[at]]));
      for (const column of ['file_path', 'file_target_path']) note(actors, String(row.get(column)), row);
    }
  }
  if (actors.size === 0) return inspection;
  const claims = inspection.claims.map((claim) => named(claim, actors.get(claim.path), hostName));
  return { ...inspection, claims };
}

interface Actor {
  readonly key: string;
  readonly reason: Reason;
  readonly pid: number | undefined;
  readonly name: string;
}

function question(paths: readonly string[], hostName: string, since: string): string {
  const list = paths.map(literal).join(', ');
  return `SELECT time, event_action, file_path, file_target_path, process_pid, process_name,
    process_executable, process_command_line, process_parent_name, user_name, login_name, container_name
  FROM file_access
  WHERE time >= ${literal(since)} AND host_name = ${literal(hostName)} AND event_action NOT IN (${harmless})
    AND coalesce(event_outcome, '') <> 'failure' AND (file_path IN (${list}) OR file_target_path IN (${list}))
  ORDER BY time DESC`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Rows come with the last first; of one process that did the same to a path the last is told. */
function note(actors: Map<string, Actor[]>, path: string, row: Row): void {
  const known = actors.get(path) ?? [];
  const actor = actorOf(row);
  if (known.length >= maxActors || known.some(({ key }) => key === actor.key)) return;
  actors.set(path, [...known, actor]);
}

function actorOf(row: Row): Actor {
  const text = (column: string): string => {
    const value = row.get(column);
    return typeof value === 'string' ? value : '';
  };
  const number = row.get('process_pid');
  const pid = typeof number === 'number' || typeof number === 'bigint' ? Number(number) : undefined;
  const [named, executable] = [text('process_name'), text('process_executable')];
  const name = [named, executable.slice(executable.lastIndexOf('/') + 1)].find(Boolean) ?? 'a process that was gone';
  const login = text('login_name');
  const parts = [
    `${formatIso(Number(row.get('time')))} ${text('event_action')}`,
    `by ${name}${pid === undefined ? '' : ` (${pid})`}`,
    text('process_command_line'),
    text('user_name') === ''
      ? ''
      : `of ${text('user_name')}${login === '' || login === text('user_name') ? '' : `, logged in as ${login}`}`,
    text('container_name') === '' ? '' : `in container ${text('container_name')}`,
    text('process_parent_name') === '' ? '' : `started by ${text('process_parent_name')}`,
  ];
  const value = parts.filter((part) => part !== '').join(', ');
  return { key: `${pid} ${text('event_action')}`, reason: { what: 'who', value }, pid, name };
}

function named(claim: Claim, actors: readonly Actor[] | undefined, hostName: string): Claim {
  const [last] = actors ?? [];
  if (actors === undefined || last === undefined) return claim;
  const processes: Entity[] = actors.flatMap(({ pid, name }) =>
    pid === undefined ? [] : [{ kind: 'process' as const, value: `${hostName}/${pid}/${name}` }],
  );
  const values = new Set(claim.entities.map(({ value }) => value));
  const fresh = processes.filter(
    ({ value }, at) => !values.has(value) && processes.findIndex((one) => one.value === value) === at,
  );
  return {
    ...claim,
    sentence: `${claim.sentence ?? claim.title}; the last to do that was ${last.name}`,
    next: `Find out what ${last.name} was doing there, and who started it; if that is yours, vakthund host baseline accept writes it into the baseline.`,
    entities: [...claim.entities, ...fresh],
    reasons: [...claim.reasons, ...actors.map(({ reason }) => reason)],
  };
}
