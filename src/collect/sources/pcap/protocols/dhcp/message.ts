import { Cursor } from '../../wire/cursor.ts';
import { ipv4Text, macText, wireText } from '../../wire/text.ts';

export interface DhcpMessage {
  readonly transactionId: number;
  /** 1 request, 2 reply. */
  readonly operation: number;
  /** Option 53: 1 DISCOVER … 8 INFORM. */
  readonly type: number;
  readonly yourAddress: string;
  /** Hardware address of the client; undefined when it has none. */
  readonly clientMac: string | undefined;
  /** Options by number, as they came; pieces of one option are joined (RFC 3396). */
  readonly options: ReadonlyMap<number, Uint8Array>;
}

const magicCookie = 0x63825363;
const fixedBytes = 236;
/** Options of one message that are read. */
const maxOptions = 255;

/** A DHCP message (RFC 2131, 2132); undefined for BOOTP without a message type, and for anything else. */
export function readDhcpMessage(bytes: Uint8Array): DhcpMessage | undefined {
  if (bytes.length < fixedBytes + 4) return undefined;
  const cursor = new Cursor(bytes);
  const operation = cursor.u8();
  const hardwareType = cursor.u8();
  const hardwareLength = cursor.u8();
  cursor.skip(1);
  const transactionId = cursor.u32();
  const yourAddress = ipv4Text(bytes, 16);
  cursor.position = 28;
  const hardware = cursor.take(16);
  cursor.position = fixedBytes;
  if (cursor.u32() !== magicCookie || operation < 1 || operation > 2 || hardwareLength > 16) return undefined;
  const options = readOptions(cursor);
  const type = options.get(53)?.[0];
  if (type === undefined) return undefined;
  const clientMac = hardwareType === 1 && hardwareLength === 6 ? macText(hardware.subarray(0, 6)) : undefined;
  return { transactionId, operation, type, yourAddress, clientMac, options };
}

function readOptions(cursor: Cursor): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let count = 0; count < maxOptions && cursor.left > 0; count++) {
    const code = cursor.u8();
    if (code === 255) break;
    if (code === 0) continue;
    const data = cursor.vector(1);
    if (cursor.isCut) break;
    const before = options.get(code);
    options.set(code, before === undefined ? data : Buffer.concat([before, data]));
  }
  return options;
}

const typeNames = ['', 'DISCOVER', 'OFFER', 'REQUEST', 'DECLINE', 'ACK', 'NAK', 'RELEASE', 'INFORM', 'FORCERENEW'];

/** `DISCOVER`, `ACK`; `Unknown` with the number for others. */
export function messageTypeName(type: number): string {
  const name = typeNames[type];
  return name === undefined || name === '' ? `Unknown message type ${type}` : name;
}

export function textOption(options: ReadonlyMap<number, Uint8Array>, code: number): string | undefined {
  const data = options.get(code);
  return data === undefined ? undefined : wireText(data).replace(/\0+$/, '');
}

/** An option that holds an address; undefined when it is absent or has another length. */
export function addressOption(options: ReadonlyMap<number, Uint8Array>, code: number): string | undefined {
  const data = options.get(code);
  return data?.length === 4 ? ipv4Text(data) : undefined;
}
