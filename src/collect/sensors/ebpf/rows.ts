import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { newEvent, type EventOf } from '../../../events/event.ts';
import type { Micros } from '../../../base/time.ts';
import { ptraceName } from '../../linux/constants.ts';
import { openFlagNames } from '../../linux/flags.ts';
import { permissionText } from '../../linux/mode.ts';
import { errorName } from '../../linux/names.ts';
import { actorFields, putActor } from '../../linux/process/actor.ts';
import type { KnownProcess } from '../../linux/process/process-table.ts';
import type { Program } from '../../linux/process/program.ts';
import type { UpperLayers } from '../../linux/process/upper-layers.ts';
import type { UserNames } from '../../linux/user-names.ts';
import { readAddress } from './address.ts';
import { meaningOf } from './meanings.ts';
import type { CallRecord, ProgramRecord } from './record.ts';
import type { WantedCall } from './wanted-calls.ts';

export type CallEvent = EventOf<'process'> | EventOf<'file_access'> | EventOf<'socket'> | EventOf<'kernel_module'>;

export interface RowContext {
  readonly hostName: string;
  readonly users: UserNames;
  readonly layers: UpperLayers;
  micros(monotonicNs: bigint): Micros;
}

/** A connection that is being made is no failure. */
const inProgress = -115;

/** The call as an event of the kind that it belongs to. `actor` is undefined when nothing more than the record is known. */
export function callRow(
  record: CallRecord,
  call: WantedCall,
  actor: KnownProcess | undefined,
  context: RowContext,
): CallEvent {
  const { kind, action } = meaningOf(call.name);
  const row = newEvent(kind) as CallEvent;
  put(row, record, actor, context);
  row.event_action = isReading(record, call) ? 'read' : action;
  row.event_outcome = record.result >= 0 || record.result === inProgress ? 'success' : 'failure';
  const more = putObject(row, record, call, actor);
  row.fields = JSON.stringify({
    syscall: call.name,
    exit: String(record.result),
    error: record.result < 0 ? errorName(-record.result) : undefined,
    is_32_bit: record.isCompat ? true : undefined,
    ...more,
    ...ageOf(record, actor),
    ...(actor === undefined ? {} : actorFields(actor)),
  });
  return row;
}

/** A program that starts. The arguments are from the kernel, before the program can change them. */
export function programRow(
  record: ProgramRecord,
  actor: KnownProcess | undefined,
  context: RowContext,
): EventOf<'process'> {
  const row = newEvent('process');
  put(row, record, actor, context);
  row.event_action = 'exec';
  row.event_outcome = 'success';
  row.process_name = record.name;
  if (record.argv !== undefined) {
    row.process_args = record.argv;
    row.process_command_line = record.argv.join(' ');
  }
  // The path that exec was given may be a link: the file itself is better, where the process was seen in time.
  const isUnseen = actor === undefined || actor.program.unread.includes('executable');
  if (isUnseen) row.process_executable = record.file.startsWith('/') ? record.file : null;
  const fields = {
    started_as: record.file,
    are_args_cut: record.isCut ? true : undefined,
    is_upper_layer: isUnseen ? isUpperLayer(record, actor, context) : undefined,
    ...(actor === undefined ? {} : actorFields(actor)),
  };
  row.fields = JSON.stringify(fields);
  return row;
}

/** How long the process has been there, in nanoseconds; nothing where that is not known. */
function ageOf({ monotonicNs }: CallRecord, actor: KnownProcess | undefined): { readonly age_ns?: number } {
  if (actor?.bornNs === undefined || monotonicNs < actor.bornNs) return {};
  return { age_ns: Number(monotonicNs - actor.bornNs) };
}

function isUpperLayer(
  { pid, file }: ProgramRecord,
  actor: KnownProcess | undefined,
  { layers }: RowContext,
): boolean | undefined {
  const container = actor?.container;
  return typeof container === 'string' && file.startsWith('/') ? layers.holdsProgram(pid, container, file) : undefined;
}

function put(row: CallEvent, record: CallRecord, actor: KnownProcess | undefined, context: RowContext): void {
  if (actor !== undefined) putActor(row, actor, context.users);
  row.time = context.micros(record.monotonicNs);
  row.event_dataset = 'linux.call';
  row.sensor = 'ebpf';
  row.host_name = context.hostName;
  row.process_pid = record.pid;
  row.process_name ??= record.name;
  row.process_parent_pid ??= record.parentPid;
}

/** The protocol of the socket stands behind the address: `ADDRESS_BYTES` of `calls.bpf.c`. */
const protocolAt = 28;
const transports: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' };

/** What the call was about; gives further members for `fields`. */
function putObject(
  row: CallEvent,
  record: CallRecord,
  call: WantedCall,
  actor: KnownProcess | undefined,
): Readonly<Record<string, unknown>> {
  switch (row.kind) {
    case 'file_access':
      return putFile(row, record, call, actor);
    case 'socket': {
      row.syscall = call.name;
      if (call.name === 'socket') {
        row.socket_family = 'packet';
        return { domain: 'AF_PACKET' };
      }
      const address = readAddress(record.block);
      row.socket_family = address?.family ?? null;
      row.network_transport = transports[record.block.readUInt16LE(protocolAt)] ?? null;
      if (address === undefined || address.family === 'packet') return {};
      if (address.family === 'unix') row.socket_path = address.path;
      // Of bind it is our own, which is where others will connect to.
      else [row.destination_ip, row.destination_port] = [address.ip, address.port];
      return {};
    }
    case 'kernel_module':
      row.module_name = record.texts[0] ?? null;
      return {};
    case 'process':
      row.target_pid = targetOf(record, call);
      return {
        arguments: record.args.slice(0, 3).map((value) => `0x${value.toString(16)}`),
        ...(call.name === 'ptrace' ? { request: ptraceName(Number(record.args[0])) } : {}),
      };
  }
}

function putFile(
  row: EventOf<'file_access'>,
  record: CallRecord,
  call: WantedCall,
  actor: KnownProcess | undefined,
): Readonly<Record<string, unknown>> {
  const [first, second] = record.texts;
  row.syscall = call.name;
  if (call.name === 'memfd_create') {
    row.file_path = `/memfd:${first ?? ''}`;
    return {};
  }
  if (call.name === 'mount') {
    row.file_path = second ?? null;
    return { source: first };
  }
  if (call.name === 'fchmod') {
    const link = linkOf(`${record.pid}/fd/${record.args[0] ?? -1n}`);
    row.file_path = link?.startsWith('/') === true ? link : null;
    return modeOf(record, call);
  }
  const [place, otherPlace] = call.texts ?? [];
  // The first text of a symbolic link is what it says, not a place.
  const isText = call.name.startsWith('symlink');
  row.file_path = isText ? (first ?? null) : pathOf(first, place, record, call, actor);
  row.file_target_path = pathOf(second, otherPlace, record, call, actor);
  return {
    ...(first === undefined || first === row.file_path ? {} : { path: first }),
    ...(/^(?:mk|rm)dir/.test(call.name) ? { is_folder: true } : {}),
    ...(call.bits === undefined ? {} : { flags: openFlagNames(openFlags(record, call)) }),
    ...modeOf(record, call),
    ...modeOfNew(record, call),
  };
}

/** What chmod(2) and its twins were given: it stands behind the path, or the descriptor. */
function modeOf({ args }: CallRecord, { name, texts: [path = 1] = [] }: WantedCall): { readonly mode?: string } {
  return /chmod/.test(name) ? { mode: permissionText(Number(BigInt.asUintN(16, args[path] ?? 0n))) } : {};
}

/** What a file is made with: it stands behind the flags, in the second member of `struct open_how`. */
function modeOfNew(record: CallRecord, call: WantedCall): { readonly mode?: string } {
  const [argument] = call.bits ?? [];
  if (argument === undefined) return {};
  if ((openFlags(record, call) & creates) === 0) return {};
  const isStructure = call.block?.[0] === argument;
  const mode = isStructure
    ? Number(record.block.readBigUInt64LE(8))
    : Number(BigInt.asUintN(16, record.args[argument] ?? 0n));
  return { mode: permissionText(mode & 0o7777) };
}
/** O_CREAT and O_TMPFILE. */
const creates = 0o100 | 0o20000000;

/** Those of a call that opens: an argument, or the first member of `struct open_how`. */
function openFlags({ args, block }: CallRecord, { bits, block: structure }: WantedCall): number {
  const argument = bits?.[0] ?? 0;
  if (structure?.[0] === argument) return block.readUInt32LE(0);
  return Number(BigInt.asUintN(32, args[argument - 1] ?? 0n));
}

/** It opens a file with a secret and can change nothing. */
export function isReading(record: CallRecord, call: WantedCall): boolean {
  return call.orSecret === true && call.bits !== undefined && (openFlags(record, call) & call.bits[1]) === 0;
}

const currentFolder = -100;

/** A path as it was given, made absolute by the folder that it was given from, where that is still known. */
function pathOf(
  text: string | undefined,
  argument: number | undefined,
  record: CallRecord,
  call: WantedCall,
  actor: KnownProcess | undefined,
): string | null {
  if (text === undefined || argument === undefined) return null;
  if (text.startsWith('/')) return resolved(`${rootOf(record, actor)}${text}`, actor);
  const isFromDescriptor = argument > 1 && /at2?$|^move_mount$/.test(call.name);
  const descriptor = isFromDescriptor ? Number(BigInt.asIntN(32, record.args[argument - 2] ?? 0n)) : currentFolder;
  const folder = descriptor === currentFolder ? folderOf(record, actor) : linkOf(`${record.pid}/fd/${descriptor}`);
  if (folder === undefined) return text;
  return resolved(folder === '/' ? `/${text}` : `${folder}/${text}`, actor);
}

/**
 * A path without `.` and `..`. What `..` leads out of may be a link: where the process has this machine's files the folder is asked for where it is,
 * and what is gone by now is taken as it is written, as in a container.
 */
function resolved(path: string, actor: KnownProcess | undefined): string {
  if (!path.includes('/..') || typeof actor?.container === 'string') return join(path);
  try {
    // The plain function would take `..` as it is written.
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    return join(path);
  }
}

const roots = new WeakMap<Program, string>();

/** The root folder of the process, as its mounts have it: empty but after chroot(2). It is asked for once for each program. */
function rootOf({ pid }: CallRecord, actor: KnownProcess | undefined): string {
  const known = actor === undefined ? undefined : roots.get(actor.program);
  if (known !== undefined) return known;
  const link = linkOf(`${pid}/root`) ?? '/';
  const root = link === '/' ? '' : link;
  if (actor !== undefined) roots.set(actor.program, root);
  return root;
}

function folderOf({ pid }: CallRecord, actor: KnownProcess | undefined): string | undefined {
  return linkOf(`${pid}/cwd`) ?? actor?.program.workingDirectory;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(`/proc/${path}`);
  } catch {
    return undefined;
  }
}

function targetOf(record: CallRecord, { name }: WantedCall): number | null {
  if (name === 'ptrace') return Number(BigInt.asIntN(32, record.args[1] ?? 0n));
  return name.startsWith('process_vm_') ? Number(BigInt.asIntN(32, record.args[0] ?? 0n)) : null;
}
