/** What a frame of the link layer carries of the application layer. */
export interface Dnp3Frame {
  /** Absent in frames of the link layer alone, and in those that continue a fragment. */
  readonly function?: number;
  /** Internal indications, only of answers. */
  readonly indications?: number;
}

const headerBytes = 10;
const blockBytes = 16;
const checkBytes = 2;
const firstOfFragment = 0x40;
const confirmFunction = 0;
const firstAnswer = 129;

/** Length of the frame that begins here: start bytes, and a length that counts neither itself nor the check sums (IEEE 1815, 9.2.4.1). */
export function frameLength(bytes: Uint8Array): number | 'more' | 'bad' {
  if ((bytes.length > 0 && bytes[0] !== 0x05) || (bytes.length > 1 && bytes[1] !== 0x64)) return 'bad';
  if (bytes.length < headerBytes) return 'more';
  const data = (bytes[2] ?? 0) - 5;
  return data < 0 ? 'bad' : headerBytes + data + checkBytes * Math.ceil(data / blockBytes);
}

/** Undefined when the check sum of the header is wrong. */
export function readFrame(bytes: Uint8Array): Dnp3Frame | undefined {
  if (checkSum(bytes.subarray(0, 8)) !== (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)) return undefined;
  const transport = bytes[headerBytes];
  const functionCode = bytes[headerBytes + 2];
  if (transport === undefined || functionCode === undefined || (transport & firstOfFragment) === 0) return {};
  if (functionCode < firstAnswer) return { function: functionCode };
  // Two bytes, the first one first.
  const indications = 256 * (bytes[headerBytes + 3] ?? 0) + (bytes[headerBytes + 4] ?? 0);
  return { function: functionCode, indications };
}

/** A confirmation asks for nothing. */
export function isControl(functionCode: number): boolean {
  return functionCode === confirmFunction;
}

/** CRC-16 of DNP3: polynomial 0x3d65 with its bits reversed, result inverted. */
function checkSum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ 0xa6bc;
  }
  return ~sum & 0xffff;
}

/** Functions of the application layer, in Zeek's words. */
const functions: Readonly<Record<number, string>> = {
  0: 'CONFIRM',
  1: 'READ',
  2: 'WRITE',
  3: 'SELECT',
  4: 'OPERATE',
  5: 'DIRECT_OPERATE',
  6: 'DIRECT_OPERATE_NR',
  7: 'IMMED_FREEZE',
  8: 'IMMED_FREEZE_NR',
  9: 'FREEZE_CLEAR',
  10: 'FREEZE_CLEAR_NR',
  11: 'FREEZE_AT_TIME',
  12: 'FREEZE_AT_TIME_NR',
  13: 'COLD_RESTART',
  14: 'WARM_RESTART',
  15: 'INITIALIZE_DATA',
  16: 'INITIALIZE_APPL',
  17: 'START_APPL',
  18: 'STOP_APPL',
  19: 'SAVE_CONFIG',
  20: 'ENABLE_UNSOLICITED',
  21: 'DISABLE_UNSOLICITED',
  22: 'ASSIGN_CLASS',
  23: 'DELAY_MEASURE',
  24: 'RECORD_CURRENT_TIME',
  25: 'OPEN_FILE',
  26: 'CLOSE_FILE',
  27: 'DELETE_FILE',
  28: 'GET_FILE_INFO',
  29: 'AUTHENTICATE_FILE',
  30: 'ABORT_FILE',
  31: 'ACTIVATE_CONFIG',
  32: 'AUTHENTICATE_REQ',
  33: 'AUTHENTICATE_ERR',
  129: 'RESPONSE',
  130: 'UNSOLICITED_RESPONSE',
  131: 'AUTHENTICATE_RESP',
};

export function functionName(functionCode: number): string {
  return functions[functionCode] ?? `unknown-${functionCode}`;
}
