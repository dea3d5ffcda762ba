import constants from './data/constants.json' with { type: 'json' };
import { capabilitiesIn } from './names.ts';
import { flagNames, type FlagTable } from './flags.ts';

type Names = Readonly<Record<string, string>>;

function nameIn(table: Names, value: number): string | undefined {
  return Object.hasOwn(table, value) ? table[value] : undefined;
}

export const ptraceName = (request: number): string | undefined => nameIn(constants.ptrace, request);
export const prctlName = (option: number): string | undefined => nameIn(constants.prctl, option);
export const bpfName = (command: number): string | undefined => nameIn(constants.bpf, command);
export const protocolName = (number: number): string | undefined => nameIn(constants.protocol, number);
export const netfilterFamily = (number: number): string | undefined => nameIn(constants.netfilterFamily, number);
const uringNames = constants.ioUring.split(' ');
/** Operation of io_uring (IORING_OP_), most of them named as the system call that they stand for. */
export const uringName = (operation: number): string | undefined => uringNames[operation];
/** Flags such as SOCK_CLOEXEC stand in the higher bits. */
export const socketTypeName = (type: number): string | undefined => nameIn(constants.socketType, type & 0xf);

const table = (rows: readonly (readonly (string | number)[])[]): FlagTable =>
  rows.map(([bits, name]) => [Number(bits), String(name)] as const);

const flagTables = {
  clone: table(constants.clone),
  mount: table(constants.mount),
  umount: table(constants.umount),
  protection: table(constants.protection),
  map: table(constants.map),
  memfd: table(constants.memfd),
  module: table(constants.module),
  resolve: table(constants.resolve),
  access: table(constants.access),
} as const;
export type FlagTableName = keyof typeof flagTables;

export function flagsIn(name: FlagTableName, value: number): string {
  return flagNames(value, flagTables[name]);
}

/** Names of the capabilities in a hexadecimal mask, joined by a comma; `none` for 0, undefined when it is no mask. */
export function capabilityNames(mask: string): string | undefined {
  if (!/^[0-9a-fA-F]{1,16}$/.test(mask)) return undefined;
  const bits = BigInt(`0x${mask}`);
  return bits === 0n ? 'none' : capabilitiesIn(bits).join(',');
}
