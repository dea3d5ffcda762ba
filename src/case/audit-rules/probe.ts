import { closeSync, fchmodSync, fstatSync, lstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditSocket } from '../../collect/linux/audit/audit-socket.ts';
import type { AuditRule } from '../../collect/linux/audit/rules/rule.ts';
import { randomUUID } from 'node:crypto';

/** What a touch of a watched place showed. */
export type ProbeAnswer = 'fires' | 'silent' | { readonly untried: string };

const waitMs = 500;
const syscallRecord = 1300;
const pathRecord = 1302;

/**
 * Touches a watched place and looks whether the record comes. A folder gets a file that is removed at once, below it where it can be;
 * a file's permissions are set to what they are. Nothing else is changed, and no content. Needs root and an audit that is switched on.
 */
export function probe({ watch, permissions, conditions }: AuditRule, socket: AuditSocket): ProbeAnswer {
  if (watch === undefined) return { untried: 'it watches no path' };
  if (conditions.length > 0) return { untried: 'it asks for more than the path' };
  const stats = lstatSync(watch.path, { throwIfNoEntry: false });
  if (stats === undefined) return { untried: 'there is nothing to touch' };
  drain(socket);
  if (stats.isDirectory()) {
    if (!permissions.includes('w')) return { untried: 'it does not watch for writes' };
    const file = join(watch.path, `.vakthund-probe-${randomUUID()}`);
    try {
      closeSync(openSync(file, 'wx', 0o600));
    } catch {
      return { untried: 'no file can be made there' };
    }
    rmSync(file, { force: true });
    return awaited(socket, file);
  }
  if (!stats.isFile()) return { untried: 'it is no file and no folder' };
  if (permissions.includes('a')) {
    const descriptor = openSync(watch.path, 'r');
    try {
      fchmodSync(descriptor, fstatSync(descriptor).mode & 0o7777);
    } finally {
      closeSync(descriptor);
    }
  } else if (permissions.includes('w')) {
    const descriptor = openSync(watch.path, 'r+');
    writeSync(descriptor, '', 0);
    closeSync(descriptor);
  } else if (permissions.includes('r')) closeSync(openSync(watch.path, 'r'));
  else return { untried: 'it watches for execution only' };
  return awaited(socket, watch.path);
}

function drain(socket: AuditSocket): void {
  for (let taken = 0; taken < 100_000 && socket.receive() !== undefined; taken++);
}

/** Whether a record comes that names the path, or its number in the file system. */
function awaited(socket: AuditSocket, path: string): ProbeAnswer {
  const hex = Buffer.from(path).toString('hex').toUpperCase();
  const until = performance.now() + waitMs;
  while (performance.now() < until) {
    if (!socket.wait(Math.max(1, until - performance.now()))) break;
    for (let message = socket.receive(); message !== undefined; message = socket.receive()) {
      if (message === 'lost') return { untried: 'too many records came at once' };
      if (message.type < syscallRecord || message.type > pathRecord) continue;
      const text = message.payload.toString('latin1');
      if (text.includes(`name="${path}"`) || text.includes(`name=${hex}`)) return 'fires';
    }
  }
  return 'silent';
}
