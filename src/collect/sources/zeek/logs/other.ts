import type { Mapping } from '../../../../events/mapping.ts';
import { dataset, endpoints, read, when } from './shared.ts';

/** Any log without a kind of its own: its connection and its text in columns, everything else in `fields`. */
export function otherLog(name: string): Mapping<'log'> {
  return {
    kind: 'log',
    columns: {
      ...when,
      ...endpoints,
      ...dataset(name),
      network_transport: read('proto', 'lower'),
      log_name: { constant: name },
      log_level: read('level'),
      message:
        name === 'weird' ? { join: [read('name'), read('addl')], by: ': ' } : { first: [read('message'), read('msg')] },
    },
  };
}
