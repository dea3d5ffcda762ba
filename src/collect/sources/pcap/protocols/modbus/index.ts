import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';

export const analyzer = defineAnalyzer({
  id: 'modbus',
  title: 'Modbus',
  description:
    'Function and exception of each Modbus TCP request and answer: who reads and who writes the registers of which device. Values are not kept.',
  references: ['https://modbus.org/docs/Modbus_Messaging_Implementation_Guide_V1_0b.pdf'],
  emits: ['log'],
  service: 'modbus',
  transports: ['tcp'],
  ports: [502],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < 8) return 'more';
    const isRequest = orig[2] === 0 && orig[3] === 0 && orig[4] === 0 && (orig[5] ?? 0) + 6 === orig.length;
    return isRequest && functions[orig[7] ?? 0] !== undefined && (orig[5] ?? 0) >= 2 ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new ModbusConnection(context) }),
});

/** Public function codes, in Zeek's words. */
const functions: Readonly<Record<number, string>> = {
  1: 'READ_COILS',
  2: 'READ_DISCRETE_INPUTS',
  3: 'READ_HOLDING_REGISTERS',
  4: 'READ_INPUT_REGISTERS',
  5: 'WRITE_SINGLE_COIL',
  6: 'WRITE_SINGLE_REGISTER',
  7: 'READ_EXCEPTION_STATUS',
  8: 'DIAGNOSTICS',
  11: 'GET_COMM_EVENT_COUNTER',
  12: 'GET_COMM_EVENT_LOG',
  15: 'WRITE_MULTIPLE_COILS',
  16: 'WRITE_MULTIPLE_REGISTERS',
  17: 'REPORT_SLAVE_ID',
  20: 'READ_FILE_RECORD',
  21: 'WRITE_FILE_RECORD',
  22: 'MASK_WRITE_REGISTER',
  23: 'READ_WRITE_MULTIPLE_REGISTERS',
  24: 'READ_FIFO_QUEUE',
  43: 'ENCAP_INTERFACE_TRANSPORT',
};

const exceptions: Readonly<Record<number, string>> = {
  1: 'ILLEGAL_FUNCTION',
  2: 'ILLEGAL_DATA_ADDRESS',
  3: 'ILLEGAL_DATA_VALUE',
  4: 'SLAVE_DEVICE_FAILURE',
  5: 'ACKNOWLEDGE',
  6: 'SLAVE_DEVICE_BUSY',
  8: 'MEMORY_PARITY_ERROR',
  10: 'GATEWAY_PATH_UNAVAILABLE',
  11: 'GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND',
};

/** Length of the header up to the unit, which its length field counts (MBAP). */
const headerBytes = 6;
/** Longest message of the standard is 260 bytes. */
const maxBodyBytes = 254;
/** Records of one connection: controllers ask several times a second for years. */
const maxRecords = 10_000;

class ModbusConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #held: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  #records = 0;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 0 : 1;
    let held = Buffer.concat([this.#held[side], bytes]);
    while (held.length >= headerBytes + 2) {
      const length = held.readUInt16BE(4);
      if (held.readUInt16BE(2) !== 0 || length < 2 || length > maxBodyBytes) {
        this.#context.violation('no Modbus message');
        return;
      }
      if (held.length < headerBytes + length) break;
      this.#message(isOrig, held.subarray(0, headerBytes + length));
      held = held.subarray(headerBytes + length);
    }
    this.#held[side] = Buffer.from(held);
  }

  gap(): void {
    this.#context.lost();
  }

  #message(isOrig: boolean, message: Buffer): void {
    const code = message[7] ?? 0;
    const isException = code >= 0x80;
    this.#context.confirm();
    if (this.#records >= maxRecords) {
      this.#context.problem('limit-reached', 'a Modbus message beyond the bound of its connection has no record');
      return;
    }
    this.#records++;
    const name = functions[code & 0x7f];
    const suffix = isException ? '_EXCEPTION' : '';
    const exception = message[8] ?? 0;
    this.#context.emit(
      logRecord(this.#context, 'modbus', {
        tid: message.readUInt16BE(0),
        unit: message[6],
        func: name === undefined ? `unknown-${code}` : name + suffix,
        pdu_type: isOrig ? 'REQ' : 'RESP',
        exception: isException ? (exceptions[exception] ?? `unknown-${exception}`) : undefined,
      }),
    );
  }
}
