import type { Micros } from '../../base/time.ts';
import { containerOf } from '../../collect/linux/container-of.ts';
import { UserNames } from '../../collect/linux/user-names.ts';
import type { ContainerFacts, ContainerPowers } from '../../collect/sensor.ts';
import type { EventRow, VakthundEvent } from '../../events/event.ts';
import { LateNames } from './late-names.ts';

const freshMicros = 60_000_000;
/** Processes remembered; ids are used again after some tens of thousands. */
const maxProcesses = 100_000;
const maxContainers = 20_000;
const runtimePattern = /^\/(?:memfd:|proc\/|.*\/(?:runc|crun|youki)$|$)/;

/**
 * Which container a process of this machine belongs to, and what its engine calls it, and the names of this machine's users: put into events before
 * they are judged, so that two sensors that see the same tell it alike.
 */
export class Attribution {
  readonly #hostName: string;
  readonly #now: () => Micros;
  readonly #containerOf: (pid: number) => string | undefined;
  readonly #userNames = new UserNames();
  readonly #byPid = new Map<number, string>();
  readonly #containers = new Map<string, ContainerFacts>();
  /** The first process of containers of which no engine has told it yet. */
  readonly #firstPids = new Map<string, number>();
  #late: LateNames | undefined;

  /** Only fresh events of this host are looked at: of an old one the number may be another's by now. `lookUp` asks the running machine. */
  constructor(hostName: string, now: () => Micros, lookUp: (pid: number) => string | undefined = containerOf) {
    this.#hostName = hostName;
    this.#now = now;
    this.#containerOf = lookUp;
  }

  /**
   * An engine is followed, that tells of containers: from now on events of those that it has not told of yet are held back for a moment. `onUnknown`
   * is told of each container of which it said nothing in time.
   */
  expectNames(onUnknown: (containerId: string) => void): void {
    this.#late = new LateNames((id) => this.#containers.has(id), onUnknown);
  }

  /** A process that was seen in a container. */
  process(pid: number, containerId: string): void {
    put(this.#byPid, pid, containerId, maxProcesses);
  }

  container(facts: ContainerFacts): void {
    const powers = facts.powers ?? this.#containers.get(facts.id)?.powers;
    put(this.#containers, facts.id, powers === undefined ? facts : { ...facts, powers }, maxContainers);
    if (facts.pid > 0) {
      this.process(facts.pid, facts.id);
      this.#firstPids.delete(facts.id);
    }
    if (powers !== undefined) this.#late?.told(facts.id);
  }

  /**
   * Fills in the container of events that name a process and none, and its name and image where they are known, or come to be within a moment: the promise
   * is of that. What a record says stays.
   */
  amend(events: readonly VakthundEvent[]): Promise<void> | undefined {
    const rows = this.#inContainers(events);
    const unnamed = new Set<string>();
    for (const row of rows) {
      const id = String(row['container_id']);
      if (this.#containers.get(id)?.powers === undefined) unnamed.add(id);
    }
    const late = this.#late?.waitFor(unnamed);
    const nameAll = (): void => {
      for (const row of rows) this.#name(row);
    };
    if (late !== undefined) return late.then(nameAll);
    nameAll();
    return undefined;
  }

  /** Fresh events of this machine, those of them that are of a container; and the names of its users. */
  #inContainers(events: readonly VakthundEvent[]): EventRow[] {
    // The same few processes make most records: each is asked for once.
    const asked = new Map<number, string | undefined>();
    const oldest = this.#now() - freshMicros;
    const rows: EventRow[] = [];
    for (const event of events) {
      const row = event as unknown as EventRow;
      if (!('container_id' in row) || row['host_name'] !== this.#hostName || event.time < oldest) continue;
      row['container_id'] ??= this.#idFor(row, asked) ?? null;
      if (row['container_id'] !== null) rows.push(row);
      this.#nameUser(row);
    }
    return rows;
  }

  #idFor(row: EventRow, asked: Map<number, string | undefined>): string | undefined {
    const [pid, parent] = [row['process_pid'], row['process_parent_pid']];
    if (typeof pid !== 'number' || pid <= 0) return undefined;
    if (!asked.has(pid)) asked.set(pid, this.#byPid.get(pid) ?? this.#containerOf(pid));
    const own = asked.get(pid);
    if (own !== undefined) {
      this.process(pid, own);
      return own;
    }
    // A process that is gone already was where its parent is, unless the parent is the engine.
    const above = typeof parent === 'number' ? this.#byPid.get(parent) : undefined;
    if (above !== undefined) this.process(pid, above);
    return above;
  }

  /** A container may call its users otherwise. */
  #nameUser(row: EventRow): void {
    const id = row['user_id'];
    if (typeof id !== 'number' || row['user_name'] !== null || row['container_id'] !== null) return;
    row['user_name'] = this.#userNames.of(id);
  }

  #name(row: EventRow): void {
    const id = row['container_id'];
    const facts = typeof id === 'string' ? this.#containers.get(id) : undefined;
    if (facts === undefined) return;
    row['container_name'] ??= facts.name;
    row['container_image_name'] ??= facts.image;
    if (facts.powers === undefined) return;
    row['fields'] = withPowers(row['fields'] ?? null, facts.powers, this.#startsContainer(row, facts));
  }

  /** Whether a program is what its container was started with: where it has the machine's process ids, its own is not 1. */
  #startsContainer(row: EventRow, { id, pid, powers }: ContainerFacts): boolean {
    const own = row['process_pid'];
    if (powers?.host_pid !== true || row['event_action'] !== 'exec' || typeof own !== 'number') return false;
    if (pid > 0) return own === pid;
    // The runtime runs a copy of itself in the container first.
    if (runtimePattern.test(String(row['process_executable'] ?? ''))) return false;
    if (!this.#firstPids.has(id)) put(this.#firstPids, id, own, maxContainers);
    return this.#firstPids.get(id) === own;
  }
}

/** The record's own fields, with what its container was given; `container_pid` is 1 for what it was started with. */
function withPowers(fields: EventRow[string], { mounts, ...powers }: ContainerPowers, isFirst: boolean): string {
  const given = Object.entries(powers).filter(([name, value]) => value || name === 'privileged');
  const members = Object.fromEntries(given.map(([name, value]) => [`container_${name}`, value]));
  const first = isFirst ? { container_pid: 1 } : {};
  const text = JSON.stringify({ ...members, ...first, ...(mounts.length === 0 ? {} : { container_mounts: mounts }) });
  if (typeof fields !== 'string' || fields === '{}') return text;
  return fields.includes('"container_privileged":') ? fields : `${fields.slice(0, -1)},${text.slice(1)}`;
}

/** The oldest goes when there are too many. */
function put<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as K);
}
