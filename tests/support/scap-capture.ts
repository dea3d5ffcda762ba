import { eventId, eventTypes } from '../../src/collect/sources/scap/format/event-table.ts';

/** A value of a parameter: numbers take the width of the parameter's type, texts end with NUL, bytes are as they are. */
export type Value = number | bigint | string | Uint8Array;

const widths: Readonly<Record<string, 1 | 2 | 4 | 8>> = {
  ...Object.fromEntries(['INT8', 'UINT8', 'FLAGS8', 'ENUMFLAGS8', 'SIGTYPE'].map((type) => [type, 1 as const])),
  ...Object.fromEntries(
    ['INT16', 'UINT16', 'FLAGS16', 'ENUMFLAGS16', 'SYSCALLID', 'PORT'].map((type) => [type, 2 as const]),
  ),
  ...Object.fromEntries(
    ['INT32', 'UINT32', 'FLAGS32', 'ENUMFLAGS32', 'UID', 'GID', 'MODE', 'BOOL', 'SIGSET'].map((type) => [
      type,
      4 as const,
    ]),
  ),
  ...Object.fromEntries(
    ['INT64', 'UINT64', 'ERRNO', 'FD', 'PID', 'RELTIME', 'ABSTIME'].map((type) => [type, 8 as const]),
  ),
};

export interface ProcessOptions {
  readonly tid: number;
  readonly pid?: number;
  readonly parent?: number;
  readonly session?: number;
  readonly name: string;
  readonly exe?: string;
  readonly path?: string;
  readonly args?: readonly string[];
  readonly directory?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: readonly string[];
  readonly cgroups?: readonly string[];
  readonly loginUid?: number;
  readonly tty?: number;
  readonly capabilities?: bigint;
}

/** Writes captures for tests, block by block: each call adds one. */
export class CaptureBuilder {
  readonly #little: boolean;
  readonly #blocks: Buffer[] = [];
  #time = 1_700_000_000_000_000_000n;

  constructor({ littleEndian = true } = {}) {
    this.#little = littleEndian;
    this.block(0x0a0d0d0a, [this.#u32(0x1a2b3c4d), this.#u16(1), this.#u16(2), this.#u64(0xffff_ffff_ffff_ffffn)]);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#blocks);
  }

  block(type: number, parts: readonly Buffer[]): this {
    const body = Buffer.concat(parts);
    const padding = Buffer.alloc((4 - (body.length % 4)) % 4);
    const length = this.#u32(body.length + padding.length + 12);
    this.#blocks.push(Buffer.concat([this.#u32(type), length, body, padding, length]));
    return this;
  }

  machine(name: string): this {
    const host = Buffer.alloc(128);
    host.write(name);
    return this.block(0x201, [this.#u32(2), this.#u64(1n << 32n), this.#u64(32_768n), host, Buffer.alloc(32)]);
  }

  users(names: Readonly<Record<number, string>>): this {
    const entries = Object.entries(names).map(([id, name]) => {
      const ids = [Buffer.of(0), this.#u32(Number(id)), this.#u32(Number(id))];
      return this.#sized([...ids, this.#text(name), this.#text('/root'), this.#text('/bin/sh')]);
    });
    return this.block(0x220, entries);
  }

  interfaces(...addresses: readonly (readonly number[])[]): this {
    const entries = addresses.map((address) => {
      const head = [this.#u16(address.length === 4 ? 1 : 2), this.#u16(2), Buffer.from(address)];
      const mask = Buffer.alloc(address.length, 0xff);
      const rest = [mask, Buffer.alloc(address.length + 8), Buffer.from('lo')];
      const body = Buffer.concat([...head, ...rest]);
      return Buffer.concat([this.#u32(body.length), body]);
    });
    return this.block(0x219, entries);
  }

  /** A process list of the newest version. */
  processes(...list: readonly ProcessOptions[]): this {
    return this.block(
      0x215,
      list.map((options) => this.#process(options)),
    );
  }

  #process(options: ProcessOptions): Buffer {
    const { tid, pid = tid, parent = 1, session = pid, name } = options;
    const { exe = name, path = '', args = [], directory = '/', uid = 0, gid = 0, env = [], cgroups = [] } = options;
    const { loginUid = 0xffff_ffff, tty = 0, capabilities = 0n } = options;
    const ids = [tid, pid, parent, session, pid].map((id) => this.#u64(BigInt(id)));
    const texts = [name, exe, path, joined(args), directory].map((text) => this.#text(text));
    // A thread shares its descriptors with the process that it belongs to.
    const flags = tid === pid ? 0 : 0x2001;
    const limits = [this.#u64(1024n), this.#u32(flags), this.#u32(uid), this.#u32(gid), Buffer.alloc(28)];
    const spaces = [
      this.#text(joined(env)),
      this.#u64(BigInt(tid)),
      this.#u64(BigInt(pid)),
      this.#text(joined(cgroups)),
      this.#text('/'),
    ];
    const later = [this.#u64(0n), this.#u32(tty), this.#u32(loginUid), Buffer.of(0)];
    const masks = [this.#u64(0n), this.#u64(capabilities), this.#u64(capabilities), Buffer.of(0), Buffer.alloc(24)];
    return this.#sized([...ids, ...texts, ...limits, ...spaces, ...later, ...masks]);
  }

  /** Open files of one process. */
  files(tid: number, files: Readonly<Record<number, string>>): this {
    const entries = Object.entries(files).map(([fd, name]) =>
      this.#sized([this.#u64(BigInt(fd)), this.#u64(0n), Buffer.of(16), this.#u32(1), this.#text(name), this.#u32(0)]),
    );
    return this.block(0x218, [this.#u64(BigInt(tid)), ...entries]);
  }

  /** An event by its key (`SYSCALL_OPEN_X`) and its parameters in order; undefined for one that has no value. */
  event(key: string, tid: number, ...values: readonly (Value | undefined)[]): this {
    const type = eventTypes[eventId(key)];
    const parameters = values.map((value, index) => this.#value(value, type?.parameters[index]?.type ?? ''));
    const lengths = parameters.map((value) => this.#u16(value.length));
    const length = 26 + lengths.length * 2 + parameters.reduce((sum, value) => sum + value.length, 0);
    this.#time += 1000n;
    const head = [
      this.#u16(0),
      this.#u64(this.#time),
      this.#u64(BigInt(tid)),
      this.#u32(length),
      this.#u16(eventId(key)),
    ];
    return this.block(0x216, [...head, this.#u32(values.length), ...lengths, ...parameters]);
  }

  /** A call: its enter event and its exit event. */
  call(name: string, tid: number, enter: readonly (Value | undefined)[], exit: readonly (Value | undefined)[]): this {
    return this.event(`${name}_E`, tid, ...enter).event(`${name}_X`, tid, ...exit);
  }

  #value(value: Value | undefined, type: string): Buffer {
    if (value === undefined) return Buffer.alloc(0);
    if (typeof value === 'string') return Buffer.from(`${value}\0`);
    if (typeof value === 'object') return Buffer.from(value);
    const width = widths[type] ?? 8;
    const bits = BigInt.asUintN(width * 8, BigInt(value));
    const whole = this.#u64(bits);
    return this.#little ? whole.subarray(0, width) : whole.subarray(8 - width);
  }

  #sized(parts: readonly Buffer[]): Buffer {
    const body = Buffer.concat(parts);
    return Buffer.concat([this.#u32(body.length + 4), body]);
  }

  #text(text: string): Buffer {
    const bytes = Buffer.from(text);
    return Buffer.concat([this.#u16(bytes.length), bytes]);
  }

  #u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.#little) bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return bytes;
  }

  #u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.#little) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  }

  #u64(value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    const bits = BigInt.asUintN(64, value);
    if (this.#little) bytes.writeBigUInt64LE(bits);
    else bytes.writeBigUInt64BE(bits);
    return bytes;
  }
}

function joined(texts: readonly string[]): string {
  return texts.map((text) => `${text}\0`).join('');
}

/** A SOCKTUPLE of two IPv4 ends. */
export function tuple(source: readonly number[], sourcePort: number, to: readonly number[], port: number): Buffer {
  const ports = [sourcePort, port].map((value) => Buffer.of(value & 0xff, value >> 8));
  return Buffer.concat([
    Buffer.of(2),
    Buffer.from(source),
    ports[0] ?? Buffer.of(),
    Buffer.from(to),
    ports[1] ?? Buffer.of(),
  ]);
}
