import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { VakthundError, messageOf } from '../../base/errors.ts';
import { columnEntries, kindIds } from '../../events/event.ts';
import { createStatements, duckdbTypes, identifier, literal } from './ddl.ts';

export interface CaseFolders {
  readonly root: string;
  readonly partitions: string;
  readonly staging: string;
  readonly temporary: string;
}

export function caseFolders(root: string): CaseFolders {
  return {
    root,
    partitions: join(root, 'partitions'),
    staging: join(root, 'staging'),
    temporary: join(root, 'tmp'),
  };
}

export interface OpenOptions {
  readonly folder: string;
  /** Memory that DuckDB may use before it spills to the case's temporary folder. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  /** What a query took goes back to the system at once, not when the next one asks for memory: for a process that stays. */
  readonly returnsMemory?: boolean;
  /** When it comes, what is being calculated is given up, and what is being written is rolled back. */
  readonly signal?: AbortSignal;
  /** Told of sealed files that were gone or unreadable, and were set aside. */
  readonly onDamaged?: (files: readonly string[]) => void;
}

/**
 * Log of changes after which hot rows are written to their tables on disk. They are packed for that, and packed once more when they
 * are sealed: with DuckDB's own 16 MB that takes a third of the work of a busy sensor. After a kill as much is read again, in less than
 * a second.
 */
const checkpointMegabytes = 128;

/**
 * Half of a small machine, never more than 640 MB: the host of a sensor has other work to do, and what decodes needs as much beside it. What does not
 * fit is put on disk: 16 million events of captures are judged in 84 s in place of the 78 s with 1 GB, with 360 MB less; 20 million connections take as long with either (npm run bench -- scale).
 */
function defaultMemoryBytes(): number {
  return Math.min(640_000_000, Math.floor(totalmem() / 2));
}

/**
 * Opens the case's database as its owner, closes the sandbox behind it (no file outside the case's own folders can be
 * reached by any SQL from here on, and no setting can be changed), and makes what is missing.
 */
export async function openDatabase(
  options: OpenOptions,
): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection; isCurrent: boolean }> {
  const folders = caseFolders(options.folder);
  for (const folder of [folders.root, folders.partitions, folders.staging, folders.temporary]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const file = join(folders.root, 'case.duckdb');
  const instance = await createInstance(file);
  const connection = await instance.connect();
  const settings = sandboxSettings({
    memoryBytes: options.memoryBytes ?? defaultMemoryBytes(),
    threads: options.threads ?? availableParallelism(),
    temporary: folders.temporary,
    directories: [folders.partitions, folders.staging, folders.temporary],
  });
  // Its own allocator (jemalloc) keeps what is freed until somebody uses it again, unless threads of its own look.
  if (options.returnsMemory === true) await connection.run('SET allocator_background_threads = true');
  await connection.run(`SET checkpoint_threshold = '${checkpointMegabytes}MB'`);
  for (const statement of settings) await connection.run(statement);
  const schema = schemaHash(folders.root);
  const isCurrent = (await storedSchema(connection)) === schema;
  if (!isCurrent) {
    for (const statement of createStatements()) await connection.run(statement);
    await addMissingColumns(connection);
    await connection.run("INSERT OR REPLACE INTO setting VALUES ('schema', ?)", [schema]);
  }
  await removeLeftovers(connection, folders);
  return { instance, connection, isCurrent };
}

export interface SandboxOptions {
  readonly memoryBytes: number;
  readonly threads: number;
  /** Where it may spill to; empty for nowhere. */
  readonly temporary: string;
  /** All that it may read and write. */
  readonly directories: readonly string[];
}

/** Settings of a database of ours, in their order: nothing can be changed behind the last one. */
export function sandboxSettings({ memoryBytes, threads, temporary, directories }: SandboxOptions): string[] {
  return [
    `SET memory_limit = '${Math.round(memoryBytes / 1e6)}MB'`,
    `SET threads = ${threads}`,
    `SET temp_directory = ${literal(temporary)}`,
    `SET allowed_directories = [${directories.map((path) => literal(`${path}/`)).join(', ')}]`,
    "SET TimeZone = 'UTC'",
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

/** What the tables and views of a case are made of: they are made again when it changes, or when the case was moved. */
function schemaHash(root: string): string {
  return createHash('sha256')
    .update(JSON.stringify([root, createStatements()]))
    .digest('hex');
}

async function storedSchema(connection: DuckDBConnection): Promise<string | undefined> {
  try {
    const reader = await connection.runAndReadAll("SELECT value FROM setting WHERE name = 'schema'");
    return String(reader.getRows()[0]?.[0]);
  } catch {
    return undefined;
  }
}

async function createInstance(file: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file);
  } catch (error) {
    const text = messageOf(error);
    if (text.includes('Could not set lock')) {
      throw new VakthundError('STORE_LOCKED', `another process owns the case "${file}"`, { cause: error });
    }
    throw new VakthundError('STORE_CORRUPT', `the case "${file}" cannot be opened: ${text}`, { cause: error });
  }
}

/** A case made by an older version gets the columns that kinds have gained since; its rows have null in them. */
async function addMissingColumns(connection: DuckDBConnection): Promise<void> {
  const reader = await connection.runAndReadAll(
    "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'hot'",
  );
  const known = new Set(reader.getRows().map(([table, column]) => `${String(table)}.${String(column)}`));
  for (const kind of kindIds) {
    for (const [name, spec] of columnEntries(kind)) {
      if (known.has(`${kind}.${name}`)) continue;
      await connection.run(
        `ALTER TABLE hot.${identifier(kind)} ADD COLUMN ${identifier(name)} ${duckdbTypes[spec.type]}`,
      );
    }
  }
}

/** Staged files and parts that no committed transaction names are what a killed process left behind. */
async function removeLeftovers(connection: DuckDBConnection, folders: CaseFolders): Promise<void> {
  for (const name of readdirSync(folders.staging)) {
    rmSync(join(folders.staging, name), { recursive: true, force: true });
  }
  const reader = await connection.runAndReadAll('SELECT file FROM part');
  const known = new Set(reader.getRows().map(([file]) => String(file)));
  for (const path of filesBelow(folders.partitions)) {
    if (!known.has(relative(folders.partitions, path))) rmSync(path, { force: true });
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
