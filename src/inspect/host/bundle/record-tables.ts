import { hash } from 'node:crypto';
import { messageOf } from '../../../base/errors.ts';
import { Constraints } from '../constraints.ts';
import { digestOf } from '../ownership/digest.ts';
import type { ProcFolder } from '../proc/proc-folder.ts';
import type { HostProcess } from '../proc/process.ts';
import type { FileTree } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';
import type { HostRow } from '../host-row.ts';
import type { HostTable } from '../table.ts';
import { hostTables } from '../tables/registry.generated.ts';

/** Rows of one table that are kept. */
const maxRows = 200_000;

/** No table of osquery: what runs, with the digest of its program. */
const programsTable = 'process_programs';

export interface RecordedTable {
  readonly name: string;
  readonly rows: readonly HostRow[];
  readonly isCut: boolean;
}

/**
 * Rows of every table that can be asked without saying which rows are wanted. Tables of the running machine are kept, because nothing else
 * can tell them later; those of files are read too, so that what they look at comes along.
 */
export async function* recordTables(
  context: TableContext,
  onFailure: (what: string, why: string) => void,
): AsyncGenerator<RecordedTable> {
  for (const table of Object.values(hostTables) as readonly HostTable[]) {
    if (table.required !== undefined || hasRowsOfPackages(table)) continue;
    if (table.needs === 'live' && !context.isLive) continue;
    const recorded = await recordTable(table, context, onFailure);
    if (table.needs === 'live') yield recorded;
  }
}

/** Tables that can be told from what others wrote down of `/proc`. */
const toldByProc = [
  'processes',
  'process_open_sockets',
  'process_open_files',
  'listening_ports',
  'kernel_modules',
] as const;

/** Rows of the tables that `/proc` alone tells, where somebody wrote it down. When the machine was started it does not say. */
export async function tablesOfProc(context: TableContext): Promise<Map<string, readonly HostRow[]>> {
  const tables = new Map<string, readonly HostRow[]>();
  for (const id of toldByProc) {
    const { rows } = await recordTable(hostTables[id], context, (what, why) =>
      context.complain('unreadable', what, why),
    );
    const timeless = rows.map((row) => ({ ...row, start_time: null, elapsed_time: null }));
    tables.set(id, id === 'processes' ? timeless : rows);
  }
  return tables;
}

async function recordTable(
  table: HostTable,
  context: TableContext,
  onFailure: (what: string, why: string) => void,
): Promise<RecordedTable> {
  const rows: HostRow[] = [];
  let isCut = false;
  try {
    for await (const row of table.rows(context, new Constraints())) {
      isCut = rows.length >= maxRows;
      if (isCut) break;
      rows.push(row);
    }
  } catch (error) {
    onFailure(`table ${table.id}`, messageOf(error));
  }
  return { name: table.id, rows, isCut };
}

/** Tables with a row for each file of a package: the databases that they are read from come along anyway. */
function hasRowsOfPackages({ needs, narrowedBy = [] }: HostTable): boolean {
  return needs === 'root' && (narrowedBy.includes('directory') || narrowedBy.includes('package'));
}

/** SHA-256 of the program of each process. `proc` is the running one: it still has the content of a deleted program. */
export function hashedPrograms(tree: FileTree, proc: ProcFolder, processes: readonly HostProcess[]): RecordedTable {
  const known = new Map<string, string | undefined>();
  const rows = processes
    .filter(({ isKernelThread, executable }) => !isKernelThread && executable !== undefined)
    .map(({ pid, executable = '', isDeleted }) => {
      const key = isDeleted ? `${pid}` : executable;
      if (!known.has(key)) {
        known.set(key, isDeleted ? sha256Of(proc.bytes(`${pid}/exe`)) : digestOf(tree, executable, 'sha256'));
      }
      return { pid, path: executable, on_disk: isDeleted ? 0 : 1, sha256: known.get(key) ?? null };
    });
  return { name: programsTable, rows, isCut: false };
}

function sha256Of(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined ? undefined : hash('sha256', bytes, 'hex');
}

/** A line as osquery writes snapshots down, which other programs read too. */
export function snapshotLine({ name, rows }: RecordedTable, host: string, now: Date): Buffer {
  const head = {
    name,
    hostIdentifier: host,
    calendarTime: now.toUTCString().replace('GMT', 'UTC'),
    unixTime: Math.floor(now.getTime() / 1000),
    epoch: 0,
    counter: 0,
    numerics: true,
  };
  return Buffer.from(`${JSON.stringify({ ...head, snapshot: rows, action: 'snapshot' })}\n`);
}
