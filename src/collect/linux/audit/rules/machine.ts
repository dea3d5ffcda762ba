import { errorNumbers } from '../../names.ts';
import { syscallNumbers } from '../../syscalls.ts';
import { archCodes } from './fields.ts';

/** What names in rules mean on one machine. */
export interface RuleMachine {
  /** As `uname -m` says: `x86_64`. */
  readonly name: string;
  /** Number of a call; undefined when this architecture has none of that name. */
  callNumber(arch: string | undefined, name: string): number | undefined;
  callName(arch: string | undefined, number: number): string | undefined;
  /** `b64` or `b32` of a code or a name (`x86_64`, `i386`); undefined for any other. */
  archOf(value: string | number): string | undefined;
  /** The architecture of 32-bit programs, where there is one. */
  readonly has32: boolean;
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;
  errorNumber(name: string): number | undefined;
}

/** `accounts` gives the text of `/etc/passwd` and `/etc/group`. Machines that are not known are taken for x86_64. */
export function ruleMachine(name: string, accounts: { readonly passwd: string; readonly group: string }): RuleMachine {
  const known = archCodes[name === 'arm64' ? 'aarch64' : name] === undefined ? 'x86_64' : name;
  const codes = archCodes[known] ?? { b64: 0 };
  const tables = {
    b64: syscallNumbers(known) ?? new Map<string, number>(),
    b32: syscallNumbers(codes.table32 ?? '') ?? new Map<string, number>(),
  };
  const names = {
    b64: new Map([...tables.b64].map(([call, number]) => [number, call])),
    b32: new Map([...tables.b32].map(([call, number]) => [number, call])),
  };
  const width = (arch: string | undefined): 'b64' | 'b32' => (arch === 'b32' ? 'b32' : 'b64');
  const users = idsOf(accounts.passwd);
  const groups = idsOf(accounts.group);
  return {
    name: known,
    has32: codes.b32 !== undefined,
    callNumber: (arch, call) => tables[width(arch)].get(call),
    callName: (arch, number) => names[width(arch)].get(number),
    archOf: (value) => {
      if (value === 'b64' || value === known || value === codes.b64) return 'b64';
      const is32 = value === 'b32' || value === codes.table32 || value === codes.b32;
      return is32 && codes.b32 !== undefined ? 'b32' : undefined;
    },
    userId: (user) => users.get(user),
    groupId: (group) => groups.get(group),
    errorNumber: (error) => errorNumbers.get(error),
  };
}

function idsOf(text: string): Map<string, number> {
  const ids = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name = '', , id = ''] = line.split(':');
    if (/^\d+$/.test(id)) ids.set(name, Number(id));
  }
  return ids;
}
