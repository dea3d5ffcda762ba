import type { JsonObject } from '../../json-value.ts';
import type { Route } from './mappings.ts';

/**
 * Tables by their columns, since the name of a query is its author's. All of `has` and one of `some` must be there, and none
 * of `lacks`. The first that fits counts.
 */
interface Table {
  readonly route: Route;
  readonly has: readonly string[];
  readonly some?: readonly string[];
  readonly lacks?: readonly string[];
}

/** Tables whose rows are events, also in the first run of a query. */
const evented: readonly Table[] = [
  { route: 'yara', has: ['matches', 'count'], some: ['path', 'target_path'] },
  { route: 'file', has: ['target_path', 'action'] },
  { route: 'process-file', has: ['operation', 'path'], some: ['executable', 'ppid', 'partial'] },
  { route: 'socket', has: ['remote_address'], some: ['action', 'syscall'], lacks: ['state'] },
  { route: 'syslog', has: ['facility', 'message'], some: ['tag', 'severity'] },
  { route: 'session', has: ['message', 'type'], some: ['auid', 'terminal', 'address'], lacks: ['apparmor'] },
  { route: 'last', has: ['username', 'tty', 'time'], some: ['type', 'type_name'] },
  {
    route: 'process',
    has: ['path', 'pid'],
    some: ['time', 'uptime', 'syscall', 'auid', 'ntime'],
    lacks: ['start_time', 'remote_address', 'address'],
  },
];

/** Tables of states, whose rows say something when they come and go. */
const states: readonly Table[] = [
  { route: 'cron', has: ['command'], some: ['minute', 'event', 'hour'] },
  { route: 'unit', has: ['fragment_path'] },
  { route: 'startup', has: ['name', 'source', 'path'], some: ['args', 'status'], lacks: ['version'] },
  { route: 'account', has: ['username', 'uid'], some: ['shell', 'directory'] },
  { route: 'module', has: ['name', 'used_by'], some: ['size', 'status', 'address'] },
  { route: 'listener', has: ['port', 'pid'], some: ['address', 'protocol'], lacks: ['remote_address'] },
  { route: 'open-socket', has: ['remote_address', 'pid'], some: ['local_address', 'remote_port'] },
  { route: 'key-file', has: ['key_file'], some: ['key', 'algorithm'] },
  { route: 'sudo-rule', has: ['rule_details', 'source'] },
  { route: 'set-id', has: ['path', 'permissions'], some: ['username', 'groupname'], lacks: ['pid', 'size'] },
];

/** What an inventory lists of these is judged by what it would run, also where nothing has changed. */
const listed: ReadonlySet<Route> = new Set(['cron', 'startup', 'unit', 'set-id']);

/** Whether a row says that something came or went. The first run of a query is an inventory; versions that do not count tell changes only. */
export function isChange(row: JsonObject): boolean {
  return row['action'] !== 'snapshot' && Number(row['counter'] ?? 1) > 0;
}

export function routeOf(columns: JsonObject, row: JsonObject): Route {
  const action = row['action'] ?? 'added';
  const event = action === 'added' ? evented.find((table) => fits(table, columns)) : undefined;
  if (event !== undefined) return event.route;
  const state = states.find((table) => fits(table, columns))?.route;
  return state !== undefined && (isChange(row) || listed.has(state)) ? state : 'log';
}

function fits({ has, some, lacks }: Table, columns: JsonObject): boolean {
  const isThere = (name: string): boolean => columns[name] !== undefined;
  return has.every(isThere) && (some?.some(isThere) ?? true) && !(lacks?.some(isThere) ?? false);
}

/** Actions of `file_events`. */
const fileActions: ReadonlyMap<string, string> = new Map([
  ['CREATED', 'create'],
  ['UPDATED', 'write'],
  ['DELETED', 'delete'],
  ['MOVED_TO', 'rename'],
  ['MOVED_FROM', 'rename'],
  ['ATTRIBUTES_MODIFIED', 'attribute'],
  ['ACCESSED', 'read'],
  ['OPENED', 'open'],
]);

export function fileAction(action: unknown): string | null {
  return typeof action === 'string' ? (fileActions.get(action) ?? action.toLowerCase()) : null;
}

/** Operations of `process_file_events` are words already, and `save_`… for those that changed something. */
export function openFileAction(operation: unknown): string | null {
  if (typeof operation !== 'string') return null;
  return operation === 'open' || operation === 'close' ? operation : operation.replace(/^save_?/, 'write');
}

/** Types of audit records (`user_events`) and of entries of wtmp (`last`). */
const sessionActions: ReadonlyMap<string, string> = new Map([
  ['7', 'login'],
  ['8', 'logout'],
  ['1100', 'authentication'],
  ['1101', 'account-check'],
  ['1103', 'credentials'],
  ['1104', 'credentials'],
  ['1105', 'session-start'],
  ['1106', 'session-end'],
  ['1112', 'login'],
  ['1113', 'logout'],
  ['1114', 'account-created'],
  ['1115', 'account-deleted'],
  ['1123', 'sudo'],
]);

export function sessionAction(type: unknown): string | null {
  return sessionActions.get(String(type)) ?? null;
}

/** What a row of a table of states did when it came or went. */
const changes: Partial<Record<Route, readonly [added: string, removed: string]>> = {
  cron: ['created', 'deleted'],
  unit: ['created', 'deleted'],
  startup: ['created', 'deleted'],
  account: ['account-created', 'account-deleted'],
  module: ['load', 'unload'],
  listener: ['listen', 'close'],
  'open-socket': ['connect', 'close'],
  'key-file': ['write', 'write'],
  'sudo-rule': ['write', 'write'],
  'set-id': ['attribute', 'delete'],
};

export function changeAction(route: Route, isRemoved: boolean): string | undefined {
  return changes[route]?.[isRemoved ? 1 : 0];
}
