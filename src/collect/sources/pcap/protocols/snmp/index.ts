import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { readSnmp, type SnmpMessage } from './message.ts';

export const analyzer = defineAnalyzer({
  id: 'snmp',
  title: 'SNMP',
  description:
    'SNMP 1 and 2c with their community, and 3 with its user: one record for each connection with the number of variables that requests of each kind name, what the ' +
    'system says it is and since when it is up.',
  references: ['RFC 1157', 'RFC 3416', 'RFC 3412', 'RFC 3418'],
  emits: ['log'],
  service: 'snmp',
  transports: ['udp'],
  ports: [161, 162],
  recognize: ({ orig, resp }: FirstBytes): Recognition =>
    readSnmp(orig.length > 0 ? orig : resp) === undefined ? 'no' : 'match',
  start: () => ({ attach: (context) => new SnmpConnection(context) }),
});

class SnmpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #counts: Record<string, number> = {
    get_requests: 0,
    get_bulk_requests: 0,
    get_responses: 0,
    set_requests: 0,
  };
  #event: ReturnType<typeof logRecord> | undefined;
  /** Under Zeek's names. */
  #facts: Record<string, unknown> = {};

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(_isOrig: boolean, bytes: Uint8Array): void {
    const message = readSnmp(bytes);
    if (message === undefined) {
      this.close();
      this.#context.violation('no SNMP message');
      return;
    }
    this.#context.confirm();
    this.#event ??= logRecord(this.#context, 'snmp', {});
    this.#note(message, this.#event.time);
  }

  close(): void {
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    event.fields = JSON.stringify({ ...this.#facts, ...this.#counts });
    this.#context.emit(event);
  }

  #note({ version, community, user, counter, bindings, description, uptime }: SnmpMessage, startTime: number): void {
    const { time } = this.#context.clock;
    this.#facts['duration'] = (time - startTime) / 1e6;
    this.#facts['version'] ??= version;
    if (community !== undefined) this.#facts['community'] ??= community;
    if (user !== undefined && this.#event !== undefined) this.#event.user_name ??= user;
    if (description !== undefined) this.#facts['display_string'] = description;
    if (uptime !== undefined) this.#facts['up_since'] = time / 1e6 - uptime;
    if (counter !== undefined) this.#counts[counter] = (this.#counts[counter] ?? 0) + bindings;
  }
}
