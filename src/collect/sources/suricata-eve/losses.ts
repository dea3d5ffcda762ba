import type { ProblemCode, ProblemList } from '../../../base/problem.ts';
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

/** Watches the stats records of one sensor, and tells when it lost more since the record before. */
export class LossWatch {
  readonly #last = new Map<string, number>();

  tell(record: JsonObject, line: number, problems: ProblemList): void {
    const { stats } = record;
    for (const [path, code, what] of counters) {
      const value = counterAt(stats, path);
      if (value === undefined) continue;
      const before = this.#last.get(path) ?? 0;
      this.#last.set(path, value);
      // A smaller count is that of a sensor that was started anew.
      const more = value >= before ? value - before : value;
      if (more > 0) problems.add({ code, at: { line }, message: `${more} ${what}, says the sensor (${path})` });
    }
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
