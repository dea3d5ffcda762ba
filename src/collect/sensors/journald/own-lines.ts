import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Tells entries of this very process, when it is a service whose output systemd writes into the journal: each line of a watch would be read as news,
 * judged, and make the next line, without end. Systemd's journald sets both fields itself, so nobody else's entry has them.
 *
 * `environment` is that of the process, NUL-separated; undefined when systemd did not start it.
 */
export function ownLines(environment: string, pid: string): ((fields: readonly Buffer[]) => boolean) | undefined {
  const start = environment.split('\0').find((one) => one.startsWith('INVOCATION_ID='));
  if (start === undefined) return undefined;
  const own = [`_PID=${pid}`, `_SYSTEMD_${start}`].map((field) => Buffer.from(field));
  return (fields) => own.every((wanted) => fields.some((field) => field.equals(wanted)));
}

/** Those of the process that runs this. */
export function ownLinesHere(): ((fields: readonly Buffer[]) => boolean) | undefined {
  try {
    return ownLines(readFileSync('/proc/self/environ', 'latin1'), readlinkSync('/proc/self'));
  } catch {
    return undefined;
  }
}
