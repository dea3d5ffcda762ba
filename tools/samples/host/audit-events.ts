import type { Micros } from '../../../src/base/time.ts';
import type { AuditRecord } from '../model/host.ts';
import type { Flow } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import {
  cwdRecord,
  execveRecord,
  pathRecord,
  pointer,
  socketAddressRecord,
  syscallRecord,
  titleRecord,
  userRecord,
  type PathFacts,
} from './audit-records.ts';
import type { Process } from './process.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
/** EINPROGRESS: what connect gives on a socket that does not wait. */
const inProgress = -115;

function emit(scene: Scene, time: Micros, records: readonly AuditRecord[]): void {
  scene.evidence.audit.push({ time, records, step: scene.step });
}

export interface ExecOptions {
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Path that was asked for, when it is a script that `executable` interprets. */
  readonly script?: string;
  readonly isInContainer?: boolean;
  readonly isStatic?: boolean;
}

/** A program was started: `process` is what runs afterwards. */
export function execEvent(scene: Scene, time: Micros, process: Process, options: ExecOptions): void {
  const asked = options.args[0]?.startsWith('/') === true ? options.args[0] : process.executable;
  const files: PathFacts[] = [options.script, asked, options.isStatic === true ? undefined : loader]
    .filter((name) => name !== undefined)
    .map((name) => ({
      name,
      mode: '0100755',
      kind: 'NORMAL',
      // /bin/sh is a link to the executable, and so has its inode.
      ...(name === asked ? { hostPath: process.executable } : {}),
      ...(options.isInContainer === true ? { isInContainerLayer: true } : {}),
    }));
  const key = `${process.pid} ${options.args.join(' ')}`;
  emit(scene, time, [
    syscallRecord(process, {
      name: 'execve',
      exit: 0,
      args: [pointer('55', `${key}0`), pointer('55', `${key}1`), pointer('55', `${key}2`), '8'],
      pathCount: files.length,
      key: 'exec',
    }),
    execveRecord(options.args),
    cwdRecord(options.cwd ?? '/'),
    ...files.map((file, item) => pathRecord(item, file)),
    titleRecord(options.args),
  ]);
}

/** The process opened this connection: the event stands just before the first packet. */
export function connectEvent(
  scene: Scene,
  flow: Flow,
  process: Process,
  options: { readonly args: readonly string[]; readonly waits?: boolean; readonly descriptor?: number },
): void {
  const { ip, port } = flow.server;
  connectTo(scene, flow.start - 300, process, { ...options, ip, port });
}

/** The same for a connection that stays inside the host and that no network sensor sees. */
export function connectTo(
  scene: Scene,
  time: Micros,
  process: Process,
  options: {
    readonly args: readonly string[];
    readonly ip: string;
    readonly port: number;
    readonly waits?: boolean;
    readonly descriptor?: number;
  },
): void {
  const key = `${process.pid} ${time}`;
  emit(scene, time, [
    syscallRecord(process, {
      name: 'connect',
      exit: options.waits === false ? inProgress : 0,
      args: [(options.descriptor ?? 5).toString(16), pointer('7f', key), '10', pointer('7f', `${key}3`)],
      pathCount: 0,
      key: 'net',
    }),
    socketAddressRecord(options.ip, options.port),
    titleRecord(options.args),
  ]);
}

export interface FileOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly name: string;
  readonly hostPath?: string;
  readonly key: string;
}

/** A watched file was created for writing (`O_WRONLY|O_CREAT|O_TRUNC`). */
export function createFileEvent(scene: Scene, time: Micros, process: Process, options: FileOptions): void {
  const folder = options.name.slice(0, options.name.lastIndexOf('/') + 1);
  const hostPath = options.hostPath ?? options.name;
  const hostFolder = hostPath.slice(0, hostPath.lastIndexOf('/') + 1);
  emit(scene, time, [
    syscallRecord(process, {
      name: 'openat',
      exit: 3,
      args: ['ffffff9c', pointer('55', `${process.pid} ${options.name}`), '241', '1b6'],
      pathCount: 2,
      key: options.key,
    }),
    cwdRecord(options.cwd),
    pathRecord(0, { name: folder, hostPath: hostFolder, mode: '040755', kind: 'PARENT' }),
    pathRecord(1, { name: options.name, hostPath, mode: '0100644', kind: 'CREATE' }),
    titleRecord(options.args),
  ]);
}

/** A watched file was replaced by another of the same folder, as package managers do. */
export function renameEvent(scene: Scene, time: Micros, process: Process, from: string, options: FileOptions): void {
  const folder = {
    name: options.name.slice(0, options.name.lastIndexOf('/') + 1),
    mode: '040755',
    kind: 'PARENT',
  } as const;
  emit(scene, time, [
    syscallRecord(process, {
      name: 'rename',
      exit: 0,
      args: [pointer('55', `${process.pid} ${from}`), pointer('55', `${process.pid} ${options.name}`), '0', '8'],
      pathCount: 5,
      key: options.key,
    }),
    cwdRecord(options.cwd),
    pathRecord(0, folder),
    pathRecord(1, folder),
    pathRecord(2, { name: from, mode: '0100644', kind: 'DELETE' }),
    pathRecord(3, { name: options.name, hostPath: `${options.name} before`, mode: '0100644', kind: 'DELETE' }),
    pathRecord(4, { name: options.name, hostPath: from, mode: '0100644', kind: 'CREATE' }),
    titleRecord(options.args),
  ]);
}

/** A message of PAM or a login program, alone in its event. */
export function userEvent(
  scene: Scene,
  time: Micros,
  type: string,
  process: Process,
  message: string,
  extra?: string,
): void {
  emit(scene, time, [userRecord(type, process, message, extra)]);
}

/** Records that stand together in one event, made by the caller. */
export function auditEvent(scene: Scene, time: Micros, records: readonly AuditRecord[]): void {
  emit(scene, time, records);
}
