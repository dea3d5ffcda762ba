import { columnEntries, kindIds, type EventRow, type KindId, type VakthundEvent } from '../../../events/event.ts';
import type { Observable } from '../../../match/indicators/observables.ts';

/** What of an event besides the value decides who did what. Text as SQL casts it; null where the kind has no such column. */
export interface SightingContext {
  readonly source: string | null;
  readonly destination: string | null;
  readonly host: string | null;
  readonly pid: string | null;
  readonly process: string | null;
  readonly container: string | null;
  readonly user: string | null;
  /** The name asked for, or the host of a request. */
  readonly name: string | null;
  /** Whether it was answered or succeeded, in the terms of the kind: see `isUnanswered`. */
  readonly state: string | null;
}
export type ContextPart = keyof SightingContext;

/** Events of one kind in which one column held one value, in one context and one piece of evidence. */
export interface Sighting extends SightingContext {
  readonly kind: KindId;
  readonly observable: Observable;
  readonly value: string;
  readonly evidenceId: number;
  readonly count: number;
  /** µs of the first and last, with their places in the evidence. */
  readonly first: number;
  readonly firstAt: number;
  readonly last: number;
  readonly lastAt: number;
}

const partColumns: Readonly<Record<Exclude<ContextPart, 'state' | 'user' | 'name'>, string>> = {
  source: 'source_ip',
  destination: 'destination_ip',
  host: 'host_name',
  pid: 'process_pid',
  process: 'process_name',
  container: 'container_id',
};

const ownColumns: Readonly<Partial<Record<KindId, Partial<Record<ContextPart, string>>>>> = {
  flow: { state: 'conn_state' },
  dns: { name: 'dns_question_name' },
  http: { name: 'url_domain' },
  file_transfer: { name: 'url_domain' },
  alert: { name: 'url_domain', state: 'event_action' },
  ssh: { state: 'ssh_auth_success' },
  socket: { state: 'event_outcome' },
  user_session: { state: 'event_outcome', user: 'target_user_name' },
};

export const contextParts: readonly ContextPart[] = [
  'source',
  'destination',
  'host',
  'pid',
  'process',
  'container',
  'user',
  'name',
  'state',
];

/**
 * Column of each part in a kind; undefined where it has none. The name counts where it is part of the value (a request) or
 * says how it came about (an answer): elsewhere it would only tell sightings apart.
 */
export function contextColumns(kind: KindId, observable: Observable): Readonly<Partial<Record<ContextPart, string>>> {
  const columns = columnsByKind[kind];
  if (observable.type === 'request' || observable.role === 'answered') return columns;
  const { name: _name, ...others } = columns;
  return others;
}

const columnsByKind = Object.fromEntries(
  kindIds.map((kind) => {
    const names = new Set(columnEntries(kind).map(([name]) => name));
    const columns = Object.entries({ ...partColumns, ...ownColumns[kind] }).filter(([, column]) => names.has(column));
    return [kind, Object.fromEntries(columns)];
  }),
) as Readonly<Record<KindId, Readonly<Partial<Record<ContextPart, string>>>>>;

/** A context from what is told of each part. */
export function contextOf(told: (part: ContextPart) => string | null): SightingContext {
  return {
    source: told('source'),
    destination: told('destination'),
    host: told('host'),
    pid: told('pid'),
    process: told('process'),
    container: told('container'),
    user: told('user'),
    name: told('name'),
    state: told('state'),
  };
}

/** One event as a sighting of one of its values. */
export function sightingOf(event: VakthundEvent, observable: Observable, value: string): Sighting {
  const row = event as unknown as EventRow;
  const columns = contextColumns(event.kind, observable);
  const part = (name: ContextPart): string | null => {
    const column = columns[name];
    const held = column === undefined ? null : row[column];
    return held === null || held === undefined ? null : String(held);
  };
  const at = event.evidence_at ?? 0;
  return {
    kind: event.kind,
    observable,
    value,
    ...contextOf(part),
    evidenceId: event.evidence_id,
    count: 1,
    first: event.time,
    firstAt: at,
    last: event.time,
    lastAt: at,
  };
}

/** Most sightings that are told apart. A list that holds half the internet would else hold all connections. */
const maxSightings = 200_000;
/** Most of one value in one column that are told apart by who did it; a flood of processes must not crowd out other values. */
const maxDetailed = 1000;

/** Folds sightings that differ only in time and place. */
export class SightingTable {
  readonly #byKey = new Map<string, Sighting>();
  readonly #detailed = new Map<string, number>();
  /** Events that found no room. */
  cut = 0;

  add(sighting: Sighting): void {
    if (this.#fold(sighting)) return;
    const value = JSON.stringify([sighting.kind, sighting.observable.column, sighting.value]);
    const detailed = this.#detailed.get(value) ?? 0;
    if (detailed < maxDetailed) this.#detailed.set(value, detailed + 1);
    const kept = detailed < maxDetailed ? sighting : withoutDetail(sighting);
    if (this.#fold(kept)) return;
    if (this.#byKey.size < maxSightings) this.#byKey.set(keyOf(kept), kept);
    else this.cut += sighting.count;
  }

  all(): IterableIterator<Sighting> {
    return this.#byKey.values();
  }

  #fold(sighting: Sighting): boolean {
    const key = keyOf(sighting);
    const before = this.#byKey.get(key);
    if (before !== undefined) this.#byKey.set(key, folded(before, sighting));
    return before !== undefined;
  }
}

/** What remains is what decides on the direction, and the host of a request. */
function withoutDetail(sighting: Sighting): Sighting {
  const name = sighting.observable.type === 'request' ? sighting.name : null;
  return { ...sighting, pid: null, process: null, container: null, user: null, name };
}

function keyOf(sighting: Sighting): string {
  const parts = contextParts.map((part) => sighting[part]);
  return JSON.stringify([sighting.kind, sighting.observable.column, sighting.value, sighting.evidenceId, ...parts]);
}

function folded(a: Sighting, b: Sighting): Sighting {
  const isEarlier = b.first < a.first || (b.first === a.first && b.firstAt < a.firstAt);
  const isLater = b.last > a.last || (b.last === a.last && b.lastAt > a.lastAt);
  return {
    ...a,
    count: a.count + b.count,
    ...(isEarlier ? { first: b.first, firstAt: b.firstAt } : {}),
    ...(isLater ? { last: b.last, lastAt: b.lastAt } : {}),
  };
}
