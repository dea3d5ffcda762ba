import { parseIsoMicros } from '../../../src/base/time.ts';
import { source } from '../../../src/collect/sources/tetragon/index.ts';
import type { Suite } from '../suite.ts';
import { jsonLinesSuite, objectAt, type Expect } from './ingest-arrival/json-lines-suite.ts';

/** Events of Tetragon: every record is read, with the process, parent, container and time that it tells. */
export const suite: Suite = {
  id: 'ingest/tetragon',
  run: (corpus) => jsonLinesSuite(corpus, 'falco/ingest/tetragon_events.ndjson', source, expect),
};

const kinds: Readonly<Record<string, string>> = {
  process_exec: 'process',
  process_exit: 'process',
  process_connect: 'socket',
  process_close: 'socket',
  process_accept: 'socket',
  process_listen: 'socket',
};

const expect: Expect = (record) => {
  const type = Object.keys(record).find((key) => key.startsWith('process_')) ?? '';
  const body = objectAt(record, type);
  const process = objectAt(body, 'process');
  const parent = objectAt(body, 'parent');
  const container = objectAt(process, 'pod', 'container');
  const time = record['time'] ?? (type === 'process_exec' ? process['start_time'] : undefined);
  return {
    kind: kinds[type],
    time: typeof time === 'string' ? parseIsoMicros(time) : undefined,
    event_dataset: `tetragon.${type}`,
    host_name: record['node_name'],
    process_pid: process['pid'],
    process_executable: process['binary'],
    process_command_line: textsOf(process['binary'], process['arguments']).join(' '),
    process_working_directory: process['cwd'],
    process_parent_pid: parent['pid'],
    process_parent_executable: parent['binary'],
    user_id: process['uid'],
    login_id: process['auid'] === 0xffff_ffff ? -1 : process['auid'],
    container_id: textsOf(container['id'], process['docker'])[0]?.replace(/^.*:\/\//, ''),
    container_name: container['name'],
    container_image_name: objectAt(container, 'image')['name'],
    destination_ip: type === 'process_connect' ? body['destination_ip'] : undefined,
    destination_port: type === 'process_connect' ? body['destination_port'] : undefined,
  };
};

function textsOf(...values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
