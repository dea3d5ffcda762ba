import { asBuffer } from '../../wire/text.ts';

/** Command, length, session, status, context of the sender, options (EtherNet/IP, 2-3.1). */
export const headerBytes = 24;

const commands: Readonly<Record<number, string>> = {
  0x00: 'NOP',
  0x04: 'ListServices',
  0x63: 'ListIdentity',
  0x64: 'ListInterfaces',
  0x65: 'RegisterSession',
  0x66: 'UnRegisterSession',
  0x6f: 'SendRRData',
  0x70: 'SendUnitData',
};
const sendRequestData = 0x6f;
const sendUnitData = 0x70;

const statuses: Readonly<Record<number, string>> = {
  1: 'unsupported command',
  2: 'out of memory',
  3: 'bad data',
  0x64: 'bad session',
  0x65: 'bad length',
  0x69: 'unsupported revision',
};

export function commandName(command: number): string {
  return commands[command] ?? `unknown-${command}`;
}

export function statusName(status: number): string {
  return statuses[status] ?? `unknown-${status}`;
}

/** Whether bytes begin with a command that is known. */
export function isCommand(bytes: Uint8Array): boolean {
  return bytes[1] === undefined
    ? bytes[0] !== undefined && commands[bytes[0]] !== undefined
    : commands[(bytes[0] ?? 0) + 256 * bytes[1]] !== undefined;
}

export function messageLength(bytes: Uint8Array): number | 'more' | 'bad' {
  if (!isCommand(bytes)) return 'bad';
  return bytes.length < 4 ? 'more' : headerBytes + asBuffer(bytes).readUInt16LE(2);
}

/** A message of the Common Industrial Protocol. */
export interface CipMessage {
  readonly service: string;
  readonly isResponse: boolean;
  /** Only of answers. */
  readonly status: number;
  readonly className: string | undefined;
}

const connectedItem = 0xb1;
const unconnectedItem = 0xb2;
const maxItems = 16;

/** What a message carries for an object; undefined when nothing (EtherNet/IP, 2-6; CIP, 2-4). */
export function cipOf(message: Buffer): CipMessage | undefined {
  const command = message.readUInt16LE(0);
  if ((command !== sendRequestData && command !== sendUnitData) || message.length < headerBytes + 8) return undefined;
  const items = Math.min(message.readUInt16LE(headerBytes + 6), maxItems);
  let at = headerBytes + 8;
  for (let index = 0; index < items && at + 4 <= message.length; index++) {
    const type = message.readUInt16LE(at);
    const content = message.subarray(at + 4, at + 4 + message.readUInt16LE(at + 2));
    if (type === unconnectedItem) return readCip(content);
    // A sequence number stands before it.
    if (type === connectedItem) return readCip(content.subarray(2));
    at += 4 + message.readUInt16LE(at + 2);
  }
  return undefined;
}

function readCip(bytes: Buffer): CipMessage | undefined {
  const service = bytes[0];
  const second = bytes[1];
  if (service === undefined || second === undefined) return undefined;
  const name = services[service & 0x7f] ?? `unknown-${service & 0x7f}`;
  if (service >= 0x80) return { service: name, isResponse: true, status: bytes[2] ?? 0, className: undefined };
  const path = bytes.subarray(2, 2 + 2 * second);
  return { service: name, isResponse: false, status: 0, className: classOf(path) };
}

/** The class of a path that begins with one, as a number of one or two bytes. */
function classOf(path: Buffer): string | undefined {
  let code: number | undefined;
  if (path[0] === 0x20 && path.length >= 2) code = path[1];
  else if (path[0] === 0x21 && path.length >= 4) code = path.readUInt16LE(2);
  return code === undefined ? undefined : (classes[code] ?? `unknown-${code}`);
}

const services: Readonly<Record<number, string>> = {
  0x01: 'Get_Attributes_All',
  0x02: 'Set_Attributes_All',
  0x03: 'Get_Attribute_List',
  0x04: 'Set_Attribute_List',
  0x05: 'Reset',
  0x06: 'Start',
  0x07: 'Stop',
  0x08: 'Create',
  0x09: 'Delete',
  0x0a: 'Multiple_Service_Packet',
  0x0d: 'Apply_Attributes',
  0x0e: 'Get_Attribute_Single',
  0x10: 'Set_Attribute_Single',
  0x11: 'Find_Next_Object_Instance',
  0x15: 'Restore',
  0x16: 'Save',
  0x17: 'No_Operation',
  0x4b: 'Execute_PCCC',
  0x4c: 'Read_Tag',
  0x4d: 'Write_Tag',
  0x4e: 'Forward_Close',
  0x52: 'Unconnected_Send',
  0x53: 'Write_Tag_Fragmented',
  0x54: 'Forward_Open',
  0x55: 'Get_Instance_Attribute_List',
};

const classes: Readonly<Record<number, string>> = {
  0x01: 'Identity',
  0x02: 'Message Router',
  0x04: 'Assembly',
  0x06: 'Connection Manager',
  0x37: 'File',
  0x64: 'Program',
  0x67: 'PCCC',
  0x6b: 'Symbol',
  0x6c: 'Template',
  0xf5: 'TCP/IP Interface',
  0xf6: 'Ethernet Link',
};
