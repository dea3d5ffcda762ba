import { DuckDBInstance } from '@duckdb/node-api';
import type { ReadStore } from '../store.ts';
import { createMacros } from './macros.ts';
import { sandboxSettings } from './open.ts';
import { queryError, scanRows } from './read.ts';

/** Reads sealed parts of a case (`Share.from`) beside the process that owns it. */
export interface SealedStore extends Pick<ReadStore, 'macros' | 'scan'> {
  close(): void;
}

/** A database without tables that reaches one folder and nothing else, and uses one thread beside the caller's. */
export async function openSealedStore(folder: string, memoryBytes: number): Promise<SealedStore> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const settings = sandboxSettings({ memoryBytes, threads: 1, temporary: '', directories: [folder] });
  for (const statement of settings) await connection.run(statement);
  return {
    // Rows as they stand need no networks.
    macros: createMacros([]),
    async *scan(sql, parameters = []) {
      try {
        yield* scanRows(connection, sql, parameters);
      } catch (error) {
        throw queryError(error, sql);
      }
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
