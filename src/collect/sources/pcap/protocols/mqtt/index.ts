import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import type { EventOf } from '../../../../../events/event.ts';
import { ConnectionLog, logRecord } from '../../log-record.ts';
import { MessageCutter } from '../../wire/message-cutter.ts';
import {
  grantedQuality,
  packetBytes,
  packetIdOf,
  readConnect,
  readPublish,
  readTopics,
  returnCodes,
} from './packets.ts';

export const analyzer = defineAnalyzer({
  id: 'mqtt',
  title: 'MQTT',
  description:
    'MQTT 3.1, 3.1.1 and 5: who connects with which client id, what is published to which topic and whether that was acknowledged, and which topics ' +
    'are subscribed to. Of a payload the first 100 bytes and the size are kept, passwords are not.',
  references: [
    'https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html',
    'https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html',
  ],
  emits: ['log'],
  service: 'mqtt',
  transports: ['tcp'],
  ports: [1883],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length === 0) return 'more';
    if (orig[0] !== connect << 4) return 'no';
    const length = packetBytes(orig);
    if (length === 'bad') return 'no';
    if (length === 'more' || orig.length < Math.min(length, 12)) return 'more';
    return readConnect(orig) === undefined ? 'no' : 'match';
  },
  start: () => ({ attach: (context) => new MqttConnection(context) }),
});

const connect = 1;
const connectAck = 2;
const publish = 3;
const publishAck = 4;
const publishReceived = 5;
const publishRelease = 6;
const publishComplete = 7;
const subscribe = 8;
const subscribeAck = 9;
const unsubscribe = 10;
const unsubscribeAck = 11;

const maxRecords = 1000;
/** Messages that wait for their acknowledgement: of each some 1,100 bytes are held. */
const maxPending = 50;
/** Beyond this only the begin of a packet is read: topics stand there. */
const maxPacketBytes = 16_384;

/** A record that is handed over with its acknowledgement. */
interface Pending {
  readonly event: EventOf<'log'>;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Packets that are still to come, in this order. */
  readonly awaited: number[];
}

class MqttConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #streams: readonly [MessageCutter, MessageCutter];
  /** What the client said of itself, until the server answers. */
  #hello: Readonly<Record<string, unknown>> | undefined;
  #version = 4;
  /** By the side that sent them and their number. */
  readonly #pending = new Map<string, Pending>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    const stream = (isOrig: boolean): MessageCutter =>
      new MessageCutter(maxPacketBytes, packetBytes, (packet) => this.#packet(isOrig, packet));
    this.#streams = [stream(true), stream(false)];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#streams[isOrig ? 0 : 1].data(bytes)) this.#context.violation('no MQTT packet');
  }

  gap(): void {
    this.#context.lost();
  }

  close(): void {
    if (this.#hello !== undefined) this.#log.add('mqtt_connect', this.#hello);
    this.#hello = undefined;
    for (const pending of this.#pending.values()) this.#finish(pending, {});
    this.#pending.clear();
  }

  #packet(isOrig: boolean, packet: Uint8Array): void {
    const type = (packet[0] ?? 0) >>> 4;
    if (type === connect && isOrig) this.#connect(packet);
    else if (type === connectAck && !isOrig) this.#accepted(packet);
    else if (type === publish) this.#publish(isOrig, packet);
    else if (type === subscribe || type === unsubscribe) this.#subscribe(packet, type === subscribe);
    else this.#acknowledged(isOrig, type, packet);
  }

  #connect(packet: Uint8Array): void {
    const hello = readConnect(packet);
    if (hello === undefined) {
      this.#context.violation('a CONNECT that is none');
      return;
    }
    this.#context.confirm();
    this.close();
    this.#version = hello.level;
    this.#hello = hello.fields;
  }

  #accepted(packet: Uint8Array): void {
    const code = packet.at(3) ?? 0;
    if (this.#hello === undefined) return;
    this.#log.add('mqtt_connect', {
      ...this.#hello,
      connect_status: returnCodes[code] ?? `unknown-return-code-${code}`,
    });
    this.#hello = undefined;
  }

  #publish(isOrig: boolean, packet: Uint8Array): void {
    const message = readPublish(packet, this.#version);
    if (message === undefined) return;
    this.#context.confirm();
    const { packetId, quality } = message;
    const fields = { from_client: isOrig, ...message.fields };
    if (quality === 0) this.#log.add('mqtt_publish', { ...fields, status: 'ok' });
    else {
      const awaited = quality === 1 ? [publishAck] : [publishReceived, publishRelease, publishComplete];
      this.#await(
        `${sideOf(isOrig)} publish ${packetId}`,
        'mqtt_publish',
        { ...fields, status: 'incomplete_qos' },
        awaited,
      );
    }
  }

  #subscribe(packet: Uint8Array, isSubscribe: boolean): void {
    const topics = readTopics(packet, this.#version, isSubscribe);
    if (topics === undefined) return;
    this.#context.confirm();
    const action = isSubscribe ? 'MQTT::SUBSCRIBE' : 'MQTT::UNSUBSCRIBE';
    const awaited = [isSubscribe ? subscribeAck : unsubscribeAck];
    const key = `${sideOf(true)} subscribe ${topics.packetId}`;
    this.#await(key, 'mqtt_subscribe', { action, ...topics.fields, ack: false }, awaited);
  }

  /** Beyond the bound, and for a number that is used again, what waits longest is handed over as it is. */
  #await(key: string, log: string, fields: Readonly<Record<string, unknown>>, awaited: number[]): void {
    const oldest = this.#pending.size >= maxPending ? [...this.#pending.keys()][0] : undefined;
    for (const over of [key, oldest]) {
      const pending = over === undefined ? undefined : this.#pending.get(over);
      if (pending === undefined || over === undefined) continue;
      this.#pending.delete(over);
      this.#finish(pending, {});
    }
    this.#pending.set(key, { event: logRecord(this.#context, log, {}), fields, awaited });
  }

  /** What the other side says to a message; the release of one that has to come exactly once says its sender. */
  #acknowledged(isOrig: boolean, type: number, packet: Uint8Array): void {
    const id = packetIdOf(packet);
    const isOfSubscription = type === subscribeAck || type === unsubscribeAck;
    const sender = sideOf(type === publishRelease ? isOrig : !isOrig);
    const key = `${sender} ${isOfSubscription ? 'subscribe' : 'publish'} ${id}`;
    const pending = this.#pending.get(key);
    if (pending?.awaited[0] !== type) return;
    pending.awaited.shift();
    if (pending.awaited.length > 0) return;
    this.#pending.delete(key);
    if (!isOfSubscription) this.#finish(pending, { status: 'ok' });
    else if (type === unsubscribeAck) this.#finish(pending, { ack: true });
    else this.#finish(pending, { granted_qos_level: grantedQuality(packet, this.#version), ack: true });
  }

  #finish({ event, fields }: Pending, outcome: object): void {
    this.#log.addEvent(event, { ...fields, ...outcome });
  }
}

function sideOf(isOrig: boolean): string {
  return isOrig ? 'client' : 'server';
}
