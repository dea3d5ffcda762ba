import type { ProblemCode, ProblemList } from '../../../base/problem.ts';
import type { CounterWatch } from '../../counter-watch.ts';
import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';

/** Counters of a stats record that say what Suricata did not see, with what they count. All count from its start. */
const counters: readonly (readonly [path: string, code: ProblemCode, what: string])[] = [
  ['capture.kernel_drops', 'events-lost', 'packets were dropped before Suricata got them'],
  ['capture.kernel_ifdrops', 'events-lost', 'packets were dropped by the interface'],
  ['tcp.ssn_memcap_drop', 'events-lost', 'TCP sessions were not tracked for want of memory'],
  ['tcp.segment_memcap_drop', 'events-lost', 'TCP segments were dropped for want of memory'],
  ['flow.memcap', 'events-lost', 'flows were not tracked for want of memory'],
  ['detect.alert_queue_overflow', 'events-lost', 'alerts were dropped because a packet had too many'],
  ['decoder.invalid', 'partly-seen', 'packets could not be decoded'],
  ['tcp.reassembly_gap', 'partly-seen', 'gaps are in the TCP streams that were reassembled'],
];

/** Tells what the sensor lost since its stats record before. */
export function tellLosses(record: JsonObject, watch: CounterWatch, line: number, problems: ProblemList): void {
  for (const [path, code, what] of counters) {
    const count = counterAt(record['stats'], path);
    const more = count === undefined ? 0 : watch.more(path, count);
    if (more > 0) problems.add({ code, at: { line }, message: `${more} ${what}, says the sensor (${path})` });
  }
}

function counterAt(stats: unknown, path: string): number | undefined {
  let value: unknown = stats;
  for (const key of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
