import { asciiText } from '../wire/text.ts';

/** Headers of real programs end before this: 96 sections of 40 bytes at most (Windows loads no more). */
const maxHeadBytes = 8192;
const maxSections = 96;

/** Keeps the begin of a file that may be a program of Windows, however it is cut. */
export class ExecutableHead {
  #held: Buffer = Buffer.alloc(0);
  #isCut = false;

  static begins(bytes: Uint8Array): boolean {
    return bytes[0] === 0x4d && (bytes.length < 2 || bytes[1] === 0x5a);
  }

  add(bytes: Uint8Array): void {
    const missing = maxHeadBytes - this.#held.length;
    if (missing > 0 && !this.#isCut) this.#held = Buffer.concat([this.#held, bytes.subarray(0, missing)]);
  }

  /** Bytes are missing: what follows them stands elsewhere. */
  cut(): void {
    this.#isCut = true;
  }

  /** What the headers say, under the names of Zeek's pe.log; undefined for what is no program. */
  get facts(): Readonly<Record<string, unknown>> | undefined {
    return factsOf(this.#held);
  }
}

const optionalMagic = { bits32: 0x10b, bits64: 0x20b } as const;

/** The PE format: https://learn.microsoft.com/en-us/windows/win32/debug/pe-format. */
function factsOf(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (bytes.length < 64 || asciiText(bytes, 0, 2) !== 'MZ') return undefined;
  const at = bytes.readUInt32LE(60);
  if (at + 24 > bytes.length || asciiText(bytes, at, at + 4) !== 'PE\0\0') return undefined;
  const machine = bytes.readUInt16LE(at + 4);
  const sections = bytes.readUInt16LE(at + 6);
  const optionalBytes = bytes.readUInt16LE(at + 20);
  const optionalAt = at + 24;
  const isExecutable = optionalBytes > 0;
  const file = {
    machine: machines[machine] ?? `unknown-${machine}`,
    compile_ts: bytes.readUInt32LE(at + 8),
    is_exe: isExecutable,
    is_64bit: (bytes.readUInt16LE(at + 22) & flag32Bit) === 0,
  };
  if (!isExecutable) return { ...file, uses_aslr: false, uses_dep: false, uses_code_integrity: false, uses_seh: true };
  const optional = bytes.subarray(optionalAt, optionalAt + optionalBytes);
  const names = sectionNames(bytes, optionalAt + optionalBytes, sections);
  return { ...file, ...optionalFacts(optional), ...(names.length === 0 ? {} : { section_names: names }) };
}

const flag32Bit = 0x100;
/** Flags of the loader. */
const dllFlags = { dynamicBase: 0x40, forceIntegrity: 0x80, noExecute: 0x100, noExceptions: 0x400 } as const;

/** Undefined values where the header is cut. */
function optionalFacts(header: Buffer): Readonly<Record<string, unknown>> {
  if (header.length < 72) return { uses_aslr: false, uses_dep: false, uses_code_integrity: false, uses_seh: true };
  const version = `${header.readUInt16LE(40)}.${header.readUInt16LE(42)}`;
  const subsystem = header.readUInt16LE(68);
  const flags = header.readUInt16LE(70);
  const tablesAt = header.readUInt16LE(0) === optionalMagic.bits64 ? 112 : 96;
  const count = header.length >= tablesAt ? header.readUInt32LE(tablesAt - 4) : 0;
  const hasTable = (index: number): boolean => {
    const sizeAt = tablesAt + index * 8 + 4;
    return index < count && sizeAt + 4 <= header.length && header.readUInt32LE(sizeAt) > 0;
  };
  return {
    os: systems[version] ?? `unknown-${version}`,
    subsystem: subsystems[subsystem] ?? `unknown-${subsystem}`,
    uses_aslr: (flags & dllFlags.dynamicBase) !== 0,
    uses_dep: (flags & dllFlags.noExecute) !== 0,
    uses_code_integrity: (flags & dllFlags.forceIntegrity) !== 0,
    uses_seh: (flags & dllFlags.noExceptions) === 0,
    has_export_table: hasTable(0),
    has_import_table: hasTable(1),
    has_cert_table: hasTable(4),
    has_debug_data: hasTable(6),
  };
}

function sectionNames(bytes: Buffer, start: number, count: number): string[] {
  const names: string[] = [];
  for (let at = start; at + 40 <= bytes.length && names.length < Math.min(count, maxSections); at += 40) {
    names.push(asciiText(bytes, at, at + 8).split('\0', 1)[0] ?? '');
  }
  return names;
}

/** Names as Zeek writes them: the standard's without their prefix. */
const machines: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  0x14c: 'I386',
  0x166: 'R4000',
  0x169: 'WCEMIPSV2',
  0x1a2: 'SH3',
  0x1a3: 'SH3DSP',
  0x1a6: 'SH4',
  0x1a8: 'SH5',
  0x1c0: 'ARM',
  0x1c2: 'THUMB',
  0x1c4: 'ARMNT',
  0x1d3: 'AM33',
  0x1f0: 'POWERPC',
  0x1f1: 'POWERPCFP',
  0x200: 'IA64',
  0x266: 'MIPS16',
  0x366: 'MIPSFPU',
  0x466: 'MIPSFPU16',
  0xebc: 'EBC',
  0x8664: 'AMD64',
  0x9041: 'M32R',
  0xaa64: 'ARM64',
};

const subsystems: Readonly<Record<number, string>> = {
  0: 'UNKNOWN',
  1: 'NATIVE',
  2: 'WINDOWS_GUI',
  3: 'WINDOWS_CUI',
  7: 'POSIX_CUI',
  9: 'WINDOWS_CE_GUI',
  10: 'EFI_APPLICATION',
  11: 'EFI_BOOT_SERVICE_DRIVER',
  12: 'EFI_RUNTIME_DRIVER',
  13: 'EFI_ROM',
  14: 'XBOX',
};

/** The system that a program asks for at least, as Zeek names its versions. */
const systems: Readonly<Record<string, string>> = {
  '10.0': 'Windows 10',
  '6.4': 'Windows 10 Technical Preview',
  '6.3': 'Windows 8.1 or Server 2012 R2',
  '6.2': 'Windows 8 or Server 2012',
  '6.1': 'Windows 7 or Server 2008 R2',
  '6.0': 'Windows Vista or Server 2008',
  '5.2': 'Windows XP x64 or Server 2003',
  '5.1': 'Windows XP',
  '5.0': 'Windows 2000',
  '4.90': 'Windows Me',
  '4.10': 'Windows 98',
  '4.0': 'Windows 95 or NT 4.0',
  '3.51': 'Windows NT 3.51',
  '3.50': 'Windows NT 3.5',
  '3.11': 'Windows for Workgroups 3.11',
  '3.10': 'Windows 3.1 or NT 3.1',
  '3.2': 'Windows 3.2',
  '3.0': 'Windows 3.0',
  '2.11': 'Windows 2.11',
  '2.10': 'Windows 2.10',
  '2.0': 'Windows 2.0',
  '1.4': 'Windows 1.04',
  '1.3': 'Windows 1.03',
  '1.1': 'Windows 1.01',
  '1.0': 'Windows 1.0',
};
