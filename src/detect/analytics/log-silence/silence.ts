import { microsPerHour } from '../../../base/time.ts';
import { folderOf, type Hour, type Stream } from './streams.ts';

/** Who went on while a stream was silent, the closest first. */
export type Company = 'machine' | 'folder' | 'neighbours';

export interface Silence {
  readonly stream: Stream;
  /** µs of the last record before and of the first after it; `isOver` is false when none followed. */
  readonly from: number;
  readonly to: number;
  readonly isOver: boolean;
  readonly before: Hour;
  /** Hours of history before it, records that a poor hour of it had, and its longest pause in µs. */
  readonly historyHours: number;
  readonly usualCount: number;
  readonly longestPause: number;
  readonly company: Company;
  /** Logs that went on. */
  readonly others: readonly Stream[];
}

export interface Bounds {
  readonly historyHours: number;
  readonly silenceHours: number;
}

/** Share of hours in which a stream must have written to be steady, and in which others must have while it was silent. */
const [steady, goesOn] = [0.95, 0.8];
/** Times its longest pause before that a silence must last, and records that it should have had. */
const beyondPause = 4;
const leastExpected = 20;
/** Silences that are compared with other streams. */
const maxCandidates = 2000;

/** Silences of steady streams while others of the same machine, folder or neighbouring folders went on. */
export function findSilences(streams: readonly Stream[], bounds: Bounds): Silence[] {
  const company = companions(streams);
  const silences: Silence[] = [];
  let candidates = 0;
  for (const stream of streams) {
    const span = ((stream.hours.at(-1)?.last ?? 0) - (stream.hours[0]?.first ?? 0)) / microsPerHour;
    if (span < bounds.historyHours || candidates >= maxCandidates) continue;
    for (const gap of gapsOf(stream, bounds)) {
      if (++candidates > maxCandidates) break;
      const silence = judge(stream, gap, company(stream), bounds);
      if (silence !== undefined) silences.push(silence);
    }
  }
  return silences;
}

type Gap = Pick<Silence, 'from' | 'to' | 'isOver' | 'before' | 'historyHours' | 'usualCount' | 'longestPause'>;

/** Pauses of a steady stream that are far longer than any before; the last has no end yet. */
function gapsOf({ hours }: Stream, { historyHours, silenceHours }: Bounds): Gap[] {
  const gaps: Gap[] = [];
  const start = hours[0]?.first ?? 0;
  let longest = 0;
  for (const [index, before] of hours.entries()) {
    const next = hours[index + 1];
    const pause = (next?.first ?? Infinity) - before.last;
    const history = (before.last - start) / microsPerHour;
    const isFull = index + 1 >= steady * (before.hour - (hours[0]?.hour ?? 0) + 1);
    const least = Math.max(silenceHours * microsPerHour, beyondPause * longest);
    if (history >= historyHours && isFull && pause >= least) {
      gaps.push({
        from: before.last,
        to: before.last + pause,
        isOver: next !== undefined,
        before,
        historyHours: history,
        usualCount: poorHour(hours.slice(0, index + 1)),
        longestPause: longest,
      });
    }
    if (next !== undefined) longest = Math.max(longest, pause);
  }
  return gaps;
}

/** Records of an hour that nine tenths of the hours exceed; the first and last are seldom whole. */
function poorHour(hours: readonly Hour[]): number {
  const counts = hours.slice(1, -1).map(({ count }) => count);
  return counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 10)] ?? 0;
}

function judge(
  stream: Stream,
  gap: Gap,
  near: readonly (readonly [Company, readonly Stream[]])[],
  { historyHours, silenceHours }: Bounds,
): Silence | undefined {
  for (const [company, streams] of near) {
    const known = streams.filter(
      (other) => other !== stream && (gap.from - (other.hours[0]?.first ?? Infinity)) / microsPerHour >= historyHours,
    );
    const end = gap.isOver ? gap.to : Math.max(0, ...known.map((other) => other.hours.at(-1)?.last ?? 0));
    const length = end - gap.from;
    const least = Math.max(silenceHours * microsPerHour, beyondPause * gap.longestPause);
    if (length < least || (gap.usualCount * length) / microsPerHour < leastExpected) continue;
    const others = known.filter((other) => isActive(other, gap.from, end));
    if (others.length > 0) return { stream, ...gap, to: end, company, others };
  }
  return undefined;
}

/** True when a stream wrote in most of the whole hours between. */
function isActive({ active }: Stream, from: number, to: number): boolean {
  const first = Math.floor(from / microsPerHour) + 1;
  const last = Math.floor(to / microsPerHour);
  let count = 0;
  for (let hour = first; hour < last; hour++) if (active.has(hour)) count++;
  return last > first && count >= goesOn * (last - first);
}

/** The streams around one, by how close they are. */
function companions(streams: readonly Stream[]): (stream: Stream) => (readonly [Company, readonly Stream[]])[] {
  const byMachine = Map.groupBy(streams, ({ machine }) => machine);
  const byFolder = Map.groupBy(streams, ({ folder }) => folder);
  const byParent = Map.groupBy(streams, ({ folder }) => folderOf(folder));
  return ({ machine, folder }) => [
    ['machine', machine === '' ? [] : (byMachine.get(machine) ?? [])],
    ['folder', byFolder.get(folder) ?? []],
    ['neighbours', folderOf(folder) === '' ? [] : (byParent.get(folderOf(folder)) ?? [])],
  ];
}
