import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EventRow } from '../../../../src/events/event.ts';

/** A file that was opened for reading while the log was recorded, as a second recorder saw it. */
export interface TrueOpen {
  readonly nanos: bigint;
  readonly program: string;
  readonly path: string;
}

/** `X.events.ndjson.gz`: system calls that bpftrace saw beside auditd. Empty when it is not there. */
export function readTrueOpens(file: string): TrueOpen[] {
  if (!existsSync(file)) return [];
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const { type, ret, name, comm, flags_hex: flags } = JSON.parse(line) as Readonly<Record<string, string | number>>;
    if (type !== 'openat' || Number(ret) < 0 || (Number.parseInt(String(flags), 16) & 3) !== 0) return [];
    // Numbers past 2^53 lose their last digits as JSON numbers.
    const nanos = BigInt(/"ts": ?(\d+)/.exec(line)?.[1] ?? 0);
    return [{ nanos, program: String(comm), path: String(name) }];
  });
}

/** The event that a log which told of the open would have given. */
export function eventOfOpen({ nanos, program, path }: TrueOpen): EventRow {
  return {
    kind: 'file_access',
    time: Number(nanos / 1000n),
    event_action: 'read',
    event_outcome: 'success',
    file_path: path,
    process_name: program,
    syscall: 'openat',
  };
}
