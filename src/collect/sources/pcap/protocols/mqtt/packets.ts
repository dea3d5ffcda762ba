import { Cursor } from '../../wire/cursor.ts';
import { wireText } from '../../wire/text.ts';

/** Longest text that is kept of a topic or an id. */
const maxTextBytes = 1024;
const maxTopics = 64;
/** So much of a payload is kept, as Zeek does. */
const maxPayloadBytes = 100;

/** Answers of a server to CONNECT (MQTT 3.1.1, table 3.1), in Zeek's words. */
export const returnCodes: Readonly<Record<number, string>> = {
  0: 'Connection Accepted',
  1: 'Refused: unacceptable protocol version',
  2: 'Refused: identifier rejected',
  3: 'Refused: server unavailable',
  4: 'Refused: bad user name or password',
  5: 'Refused: not authorized',
};

/** Qualities of service (4.3), in Zeek's words. */
export const qualities = ['at most once', 'at least once', 'exactly once'] as const;

/** Length of the packet that begins here: its second to fifth byte say it, seven bits each (2.2.3). */
export function packetBytes(bytes: Uint8Array): number | 'more' | 'bad' {
  if ((bytes[0] ?? 0) >>> 4 === 0) return 'bad';
  const size = new Cursor(bytes, 1);
  const length = variableInteger(size);
  if (length === undefined) return size.isCut ? 'more' : 'bad';
  return size.position + length;
}

/** Undefined when it does not end: four bytes at most. */
function variableInteger(cursor: Cursor): number | undefined {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = cursor.u8();
    if (cursor.isCut) return undefined;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return undefined;
}

/** A cursor behind the fixed header. */
function content(packet: Uint8Array): Cursor {
  const cursor = new Cursor(packet, 1);
  variableInteger(cursor);
  return cursor;
}

function text(cursor: Cursor): string {
  return wireText(cursor.vector(2).subarray(0, maxTextBytes));
}

function skipProperties(cursor: Cursor, level: number): void {
  if (level >= 5) cursor.skip(variableInteger(cursor) ?? 0);
}

/** A CONNECT packet; undefined when it is none. */
export function readConnect(
  packet: Uint8Array,
): { readonly level: number; readonly fields: Readonly<Record<string, unknown>> } | undefined {
  const cursor = content(packet);
  const name = text(cursor);
  const level = cursor.u8();
  const flags = cursor.u8();
  const isKnown = (name === 'MQTT' && (level === 4 || level === 5)) || (name === 'MQIsdp' && level === 3);
  if (!isKnown || cursor.isCut) return undefined;
  cursor.skip(2);
  skipProperties(cursor, level);
  const clientId = text(cursor);
  const hasWill = (flags & 4) !== 0;
  if (hasWill) skipProperties(cursor, level);
  const willTopic = hasWill ? text(cursor) : undefined;
  const willPayload = hasWill ? payloadText(cursor.vector(2)) : undefined;
  const user = (flags & 0x80) === 0 ? undefined : text(cursor);
  const version = { 3: '3.1', 4: '3.1.1', 5: '5.0' }[level];
  return {
    level,
    fields: {
      proto_name: name,
      proto_version: version,
      client_id: clientId,
      will_topic: willTopic,
      will_payload: willPayload,
      user,
    },
  };
}

function payloadText(bytes: Uint8Array): string {
  return wireText(bytes.subarray(0, maxPayloadBytes));
}

export interface Publish {
  /** 0 where the quality of service needs none. */
  readonly packetId: number;
  /** 0 to 2. */
  readonly quality: number;
  /** Under Zeek's names. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export function readPublish(packet: Uint8Array, level: number): Publish | undefined {
  const flags = packet[0] ?? 0;
  const total = packetBytes(packet);
  const cursor = content(packet);
  const topic = text(cursor);
  const quality = (flags >>> 1) & 3;
  const packetId = quality > 0 ? cursor.u16() : 0;
  const qos = qualities[quality];
  if (cursor.isCut || qos === undefined || typeof total !== 'number') return undefined;
  skipProperties(cursor, level);
  const size = Math.max(0, total - cursor.position);
  const payload = payloadText(cursor.take(Math.min(cursor.left, maxPayloadBytes)));
  return { packetId, quality, fields: { retain: (flags & 1) === 1, qos, topic, payload, payload_len: size } };
}

/** Number by which an answer names what it answers. */
export function packetIdOf(packet: Uint8Array): number | undefined {
  const cursor = content(packet);
  const id = cursor.u16();
  return cursor.isCut ? undefined : id;
}

/** The quality of service that was granted for the first topic of SUBACK; from 128 on it was refused. */
export function grantedQuality(packet: Uint8Array, level: number): number | undefined {
  const cursor = content(packet);
  cursor.skip(2);
  skipProperties(cursor, level);
  const granted = cursor.u8();
  return cursor.isCut ? undefined : granted;
}

export interface Topics {
  readonly packetId: number;
  /** Under Zeek's names. */
  readonly fields: { readonly topics: readonly string[]; readonly qos_levels?: readonly number[] };
}

/** Topics of SUBSCRIBE, each with its quality of service, and of UNSUBSCRIBE. */
export function readTopics(packet: Uint8Array, level: number, hasQos: boolean): Topics | undefined {
  const cursor = content(packet);
  const packetId = cursor.u16();
  skipProperties(cursor, level);
  const topics: string[] = [];
  const levels: number[] = [];
  while (cursor.left > 0 && topics.length < maxTopics) {
    topics.push(text(cursor));
    if (hasQos) levels.push(cursor.u8() & 3);
  }
  if (cursor.isCut || topics.length === 0) return undefined;
  return { packetId, fields: { topics, ...(hasQos ? { qos_levels: levels } : {}) } };
}
