import type { EventOf } from '../../../events/event.ts';
import type { UserNames } from '../user-names.ts';
import { ancestorsOf, type KnownProcess } from './process-table.ts';

/** Puts who did it into an event: the process, its parent, its user, its container. */
export function putActor(
  row: EventOf<'process'> | EventOf<'file_access'> | EventOf<'socket'> | EventOf<'kernel_module'>,
  known: KnownProcess,
  users: UserNames,
): void {
  const { program, parent, container, effectiveUser, login } = known;
  row.process_pid = known.pid;
  row.process_name = known.name ?? null;
  row.process_executable = program.executable ?? null;
  row.process_command_line = commandLine(known);
  row.process_working_directory = program.workingDirectory ?? null;
  row.process_tty = terminalName(program.terminal);
  row.container_id = container ?? null;
  row.user_id = effectiveUser ?? null;
  row.login_id = login ?? null;
  // What the users of a container are called stands in the container.
  if (container === null) {
    row.user_name = effectiveUser === undefined ? null : users.of(effectiveUser);
    row.login_name = login === undefined || login < 0 ? null : users.of(login);
  }
  if (parent === undefined) return;
  row.process_parent_pid = parent.pid;
  row.process_parent_name = parent.name ?? null;
  row.process_parent_executable = parent.program.executable ?? null;
  row.process_parent_command_line = commandLine(parent);
}

function commandLine({ program: { args } }: KnownProcess): string | null {
  return args === undefined || args.length === 0 ? null : args.join(' ');
}

/**
 * Members for `fields`: those that started it, the nearest first, beyond the parent that has columns; what it may, if it is in a container; and its
 * root, as osquery calls it, if it is not that of the machine.
 */
export function actorFields(known: KnownProcess): Readonly<Record<string, unknown>> {
  const ancestors = ancestorsOf(known).map(({ pid, name, program: { executable } }) => ({
    pid,
    ...(name === undefined ? {} : { name }),
    ...(executable === undefined ? {} : { executable }),
  }));
  const { root } = known.program;
  return {
    ...(typeof known.container === 'string' ? standingFields(known) : {}),
    ...(root === undefined || root === '/' ? {} : { root }),
    ...(ancestors.length === 0 ? {} : { ancestors }),
  };
}

/** Members for `fields`: what it may, as the kernel writes it, and what its container knows it as. Permitted is what is not told to be otherwise. */
export function standingFields({
  standing,
  container,
  hasExecuted,
  isUpperLayer,
}: KnownProcess): Readonly<Record<string, unknown>> {
  if (standing === undefined) return {};
  const { effective, permitted, inheritable, ownPid, ownGroup } = standing;
  return {
    cap_effective: effective,
    ...(permitted === effective ? {} : { cap_permitted: permitted }),
    ...(inheritable === '0' ? {} : { cap_inheritable: inheritable }),
    // A copy of a process has an id of its own.
    ...(typeof container === 'string' && hasExecuted ? { own_pid: ownPid, own_group: ownGroup } : {}),
    ...(hasExecuted && ownPid === ownGroup && ownPid > 0 ? { is_group_leader: true } : {}),
    ...(isUpperLayer === undefined ? {} : { is_upper_layer: isUpperLayer }),
  };
}

/** Terminals by the majors of `Documentation/admin-guide/devices.txt`, as audit logs name them. */
function terminalName(device: number): string | null {
  if (device === 0) return null;
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  if (major >= 136 && major <= 143) return `pts${(major - 136) * 256 + minor}`;
  if (major === 4) return minor < 64 ? `tty${minor}` : `ttyS${minor - 64}`;
  return major === 5 && minor === 1 ? 'console' : `${major}:${minor}`;
}
