export interface S7Message {
  readonly type: 'job' | 'ack' | 'ack_data' | 'userdata';
  /** Undefined for messages without parameters. */
  readonly functionCode: number | undefined;
  /** Class and code of the error of an answer, 0 for none. */
  readonly error: number;
}

const tpktVersion = 3;
const tpktBytes = 4;
const dataTpdu = 0xf0;
const s7Mark = 0x32;
const plusMark = 0x72;
const types: Readonly<Record<number, S7Message['type']>> = { 1: 'job', 2: 'ack', 3: 'ack_data', 7: 'userdata' };

/** RFC 1006, 6: version, a reserved byte, length of the whole. */
export function tpktLength(bytes: Uint8Array): number | 'more' | 'bad' {
  if (bytes.length > 0 && bytes[0] !== tpktVersion) return 'bad';
  if (bytes.length < tpktBytes) return 'more';
  const length = (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0);
  return length < tpktBytes + 2 ? 'bad' : length;
}

/** What a data message of COTP carries; `plus` for the newer protocol, undefined for connects and what is neither. */
export function readS7(bytes: Buffer): S7Message | 'plus' | undefined {
  const at = tpktBytes + 1 + (bytes[tpktBytes] ?? 0);
  if (bytes[tpktBytes + 1] !== dataTpdu || at >= bytes.length) return undefined;
  if (bytes[at] === plusMark) return 'plus';
  const type = types[bytes[at + 1] ?? 0];
  if (bytes[at] !== s7Mark || type === undefined || at + 10 > bytes.length) return undefined;
  const isAnswer = type === 'ack' || type === 'ack_data';
  const error = isAnswer && at + 12 <= bytes.length ? bytes.readUInt16BE(at + 10) : 0;
  const parameters = bytes.readUInt16BE(at + 6);
  const first = at + (isAnswer ? 12 : 10);
  // The function of user data is its group, behind a head of five bytes.
  const place = type === 'userdata' ? first + 5 : first;
  return { type, functionCode: place - first < parameters ? bytes[place] : undefined, error };
}

const jobs: Readonly<Record<number, string>> = {
  0x00: 'cpu_services',
  0x04: 'read_var',
  0x05: 'write_var',
  0x1a: 'request_download',
  0x1b: 'download_block',
  0x1c: 'download_ended',
  0x1d: 'start_upload',
  0x1e: 'upload',
  0x1f: 'end_upload',
  0x28: 'plc_control',
  0x29: 'plc_stop',
  0xf0: 'setup_communication',
};
const groups: Readonly<Record<number, string>> = {
  0: 'mode_transition',
  1: 'programmer',
  2: 'cyclic_data',
  3: 'block_functions',
  4: 'cpu_functions',
  5: 'security',
  7: 'time_functions',
};

export function functionName(type: S7Message['type'], code: number | undefined): string | undefined {
  if (code === undefined) return undefined;
  const name = type === 'userdata' ? groups[code & 0x0f] : jobs[code];
  return name ?? `unknown-${code}`;
}
