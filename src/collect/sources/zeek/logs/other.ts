import type { Mapping, Reader } from '../../../../events/mapping.ts';
import { dataset, read, sensorOfPeer, shortEndpoints, when } from './shared.ts';

/** What a row says in words, for logs that have no field `message`. */
const messages: Readonly<Record<string, Reader>> = {
  weird: { join: [read('name'), read('addl')], by: ': ' },
  analyzer: read('failure_reason'),
  dpd: read('failure_reason'),
};

/** Any log without a kind of its own: its connection and its text in columns, everything else in `fields`. */
export function otherLog(name: string): Mapping<'log'> {
  return {
    kind: 'log',
    columns: {
      ...when,
      ...sensorOfPeer,
      ...shortEndpoints,
      ...dataset(name),
      network_transport: read('proto', 'lower'),
      user_name: read('username', 'text', 'user'),
      log_name: { constant: name },
      log_level: read('level', 'text', 'severity'),
      message: (Object.hasOwn(messages, name) ? messages[name] : undefined) ?? read('message', 'text', 'msg'),
    },
  };
}
