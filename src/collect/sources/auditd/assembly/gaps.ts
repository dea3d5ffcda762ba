import { formatIso, microsPerSecond, type Micros } from '../../../../base/time.ts';
import type { Problem } from '../../../../base/problem.ts';
import type { AuditRecord } from '../records/record.ts';
import { isDaemon } from '../records/types.ts';

/** Serial numbers have 32 bits and wrap. */
const serials = 0x1_0000_0000;
/** A lower serial that much later is a restart of the machine, not a late record. */
const restartMicros = 5 * microsPerSecond;
/** A higher serial that much earlier is another log that was appended. */
const otherLogMicros = 60 * microsPerSecond;
/** Gaps that late records may still fill, for each machine. */
const maxRecentGaps = 64;
/** Machines that are followed; a log may name any number of them. */
const maxNodes = 256;

/** Serials `first` to `first + count - 1` that have not come, and the time of the event after them. */
export interface Gap {
  first: number;
  count: number;
  after: Micros;
}

export interface NodeState {
  highest: number;
  time: Micros;
  recent: Gap[];
}

/** What is missing so far. `before` is the time of the event before the first gap, `after` of the one behind the last. */
export interface Loss {
  events: number;
  gaps: number;
  largest: number;
  before: Micros;
  after: Micros;
}

/** Finds events that are missing in the kernel's numbering, whatever the order in which they come. */
export class GapTracker {
  readonly nodes: Map<string, NodeState>;
  loss: Loss;

  constructor(nodes: Iterable<readonly [string, NodeState]> = [], loss: Loss = noLoss()) {
    this.nodes = new Map(nodes);
    this.loss = loss;
  }

  /** Takes the first record of an event. */
  see(record: AuditRecord): void {
    if (isDaemon(record.type)) return;
    const { time } = record;
    const serial = record.serial % serials;
    const name = record.node ?? '';
    const node = this.nodes.get(name);
    if (node === undefined) {
      if (this.nodes.size < maxNodes) this.nodes.set(name, { highest: serial, time, recent: [] });
      return;
    }
    const ahead = (serial - node.highest + serials) % serials;
    if (ahead === 0) return;
    if (ahead === 1) {
      node.highest = serial;
      node.time = time;
      return;
    }
    if (ahead < serials / 2) this.#jump(node, serial, ahead - 1, time);
    else this.#late(node, serial, time);
  }

  #jump(node: NodeState, serial: number, count: number, time: Micros): void {
    if (time < node.time - otherLogMicros) {
      restart(node, serial, time);
      return;
    }
    const { loss } = this;
    if (loss.gaps === 0) loss.before = node.time;
    loss.events += count;
    loss.gaps++;
    loss.largest = Math.max(loss.largest, count);
    loss.after = time;
    node.recent.push({ first: (node.highest + 1) % serials, count, after: time });
    if (node.recent.length > maxRecentGaps) node.recent.shift();
    node.highest = serial;
    node.time = time;
  }

  /** A record that comes late takes its serial out of the gap that it left. */
  #late(node: NodeState, serial: number, time: Micros): void {
    if (time > node.time + restartMicros) {
      restart(node, serial, time);
      return;
    }
    const index = findGap(node.recent, serial);
    const gap = node.recent[index];
    if (gap === undefined) return;
    const before = (serial - gap.first + serials) % serials;
    const parts = [
      { ...gap, count: before },
      { ...gap, first: (serial + 1) % serials, count: gap.count - before - 1 },
    ].filter((part) => part.count > 0);
    node.recent.splice(index, 1, ...parts);
    this.loss.events--;
    this.loss.gaps += parts.length - 1;
  }

  /** True when what is missing has been so for longer than records come late. */
  isSettled(): boolean {
    let latest = 0;
    for (const { time } of this.nodes.values()) latest = Math.max(latest, time);
    return this.loss.events > 0 && latest - this.loss.before > restartMicros;
  }

  /** One problem for all that is missing since the last call; undefined when nothing is. */
  report(at: Problem['at']): Problem | undefined {
    const { events, gaps, largest, before, after } = this.loss;
    if (events <= 0) return undefined;
    this.loss = noLoss();
    for (const node of this.nodes.values()) node.recent = [];
    const where = gaps === 1 ? 'in one gap' : `in ${gaps} gaps, the largest of ${largest},`;
    return {
      code: 'events-lost',
      at,
      message: `${events} serial numbers are missing ${where} between ${formatIso(before)} and ${formatIso(after)}`,
      hint: 'a log that was filtered (ausearch, an export) has gaps by nature; in a whole audit.log they are lost events',
      count: events,
    };
  }
}

/** Place of the gap that a serial falls into; -1 when it falls into none. They stand in the order of their serials. */
function findGap(gaps: readonly Gap[], serial: number): number {
  const start = gaps[0]?.first ?? 0;
  const distance = (serial - start + serials) % serials;
  let low = 0;
  let high = gaps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const gap = gaps[middle];
    if (gap !== undefined && (gap.first - start + serials) % serials <= distance) low = middle + 1;
    else high = middle;
  }
  const found = gaps[low - 1];
  return found !== undefined && (serial - found.first + serials) % serials < found.count ? low - 1 : -1;
}

function noLoss(): Loss {
  return { events: 0, gaps: 0, largest: 0, before: 0, after: 0 };
}

function restart(node: NodeState, serial: number, time: Micros): void {
  node.highest = serial;
  node.time = time;
  node.recent = [];
}
