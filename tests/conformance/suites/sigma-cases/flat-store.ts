import { DuckDBInstance, DuckDBTimestampValue, type DuckDBConnection } from '@duckdb/node-api';
import type { SqlResolver } from '../../../../src/match/condition/resolver.ts';
import { createMacros } from '../../../../src/store/duckdb/macros.ts';
import type { FlatEvent } from './flat-events.ts';

const macros = createMacros([]);

/** Fields of flat events in a store: members of the column `event`, JSON text. */
export const flatColumns: SqlResolver = {
  field: ({ name }) => ({ sql: macros.jsonText('event', name), type: 'text' }),
  allFields: () => ({ sql: `json_extract_string(event, '$.*')`, type: 'text[]' }),
};

/** A store in memory with the events as rows of `events`: `place` (from 0), `time` (`timestamp` of the event), `event`. */
export async function storeOf(events: readonly FlatEvent[]): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('CREATE TABLE events (place INTEGER, time TIMESTAMP, event JSON)');
  const appender = await connection.createAppender('events');
  for (const [place, event] of events.entries()) {
    appender.appendInteger(place);
    const { timestamp } = event;
    if (typeof timestamp === 'string') {
      appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(timestamp)) * 1000n));
    } else appender.appendNull();
    appender.appendVarchar(JSON.stringify(event));
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
  return connection;
}
