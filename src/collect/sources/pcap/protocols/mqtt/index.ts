import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageCutter } from '../../wire/message-cutter.ts';
import { packetBytes, readConnect, readPublish, readTopics, returnCodes } from './packets.ts';

export const analyzer = defineAnalyzer({
  id: 'mqtt',
  title: 'MQTT',
  description:
    'MQTT 3.1, 3.1.1 and 5: who connects with which client id, what is published to which topic, and which topics are subscribed to. ' +
    'Of payloads the size is kept, passwords are not.',
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
const subscribe = 8;
const subscribeAck = 9;
const unsubscribe = 10;

const maxRecords = 1000;
/** Beyond this only the begin of a packet is read: topics stand there. */
const maxPacketBytes = 16_384;

class MqttConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #streams: readonly [MessageCutter, MessageCutter];
  /** What the client said of itself, until the server answers. */
  #hello: Readonly<Record<string, unknown>> | undefined;
  #version = 4;

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
    this.#context.violation('bytes of the stream are missing');
  }

  close(): void {
    if (this.#hello !== undefined) this.#log.add('mqtt_connect', this.#hello);
    this.#hello = undefined;
  }

  #packet(isOrig: boolean, packet: Uint8Array): void {
    const type = (packet[0] ?? 0) >>> 4;
    if (type === connect && isOrig) this.#connect(packet);
    else if (type === connectAck && !isOrig) this.#accepted(packet);
    else if (type === publish) this.#publish(isOrig, packet);
    else if (type === subscribe || type === unsubscribe) this.#subscribe(packet, type === subscribe);
    else if (type === subscribeAck) this.#context.confirm();
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
    this.#log.add('mqtt_connect', { ...this.#hello, connect_status: returnCodes[code] ?? `code ${code}` });
    this.#hello = undefined;
  }

  #publish(isOrig: boolean, packet: Uint8Array): void {
    const message = readPublish(packet, this.#version);
    if (message === undefined) return;
    this.#context.confirm();
    this.#log.add('mqtt_publish', { from_client: isOrig, ...message });
  }

  #subscribe(packet: Uint8Array, isSubscribe: boolean): void {
    const topics = readTopics(packet, this.#version, isSubscribe);
    if (topics === undefined) return;
    this.#context.confirm();
    this.#log.add('mqtt_subscribe', { action: isSubscribe ? 'MQTT::SUBSCRIBE' : 'MQTT::UNSUBSCRIBE', ...topics });
  }
}
