import { parseIsoMicros } from '../../../src/base/time.ts';
import { source } from '../../../src/collect/sources/tracee/index.ts';
import type { Suite } from '../suite.ts';
import { jsonLinesSuite, objectAt, type Expect } from './ingest-arrival/json-lines-suite.ts';

/** Events of Tracee in both forms: every record is read, with the process, container and time that it tells. */
export const suite: Suite = {
  id: 'ingest/tracee',
  run: (corpus) => jsonLinesSuite(corpus, 'falco/ingest/tracee_events.ndjson', source, expect, withoutTypes),
};

const expect: Expect = (record) => {
  const name = String(record['eventName'] ?? record['name']);
  const process = objectAt(record, 'workload', 'process');
  const { timestamp } = record;
  const isNanos = typeof timestamp === 'number' || /^\d+$/.test(String(timestamp));
  const isDetection = 'threat' in record || 'metadata' in record;
  // DNS has no columns for a process; its values arrive in `fields`.
  const actor = name.startsWith('net_packet_dns')
    ? {}
    : { process_pid: record['hostProcessId'] ?? process['host_pid'] ?? process['pid'], user_id: record['userId'] };
  return {
    kind: isDetection ? 'alert' : undefined,
    time: isNanos ? Number(String(timestamp).slice(0, -3)) : parseIsoMicros(String(timestamp)),
    event_dataset: `tracee.${name}`,
    host_name: record['hostName'],
    ...actor,
    rule_id: isDetection ? record['name'] : undefined,
  };
};

/**
 * Arguments by their values: names are the keys that they have in `fields`, and types are the same for each event. The code
 * of a DNS answer is expected by its usual name.
 */
function withoutTypes(record: Readonly<Record<string, unknown>>): unknown {
  const { args, data, ...rest } = record;
  return { ...rest, args: [args, data].map((list) => (Array.isArray(list) ? list.map(valueOf) : list)) };
}

function valueOf(argument: unknown): unknown {
  const { name: _name, type: _type, ...rest } = argument as Record<string, unknown>;
  const text = JSON.stringify(rest).replace('"responseCode":"no error"', '"responseCode":"NOERROR"');
  return JSON.parse(text) as unknown;
}
