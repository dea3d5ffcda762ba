import type { EventOf } from '../../../events/event.ts';
import type { AnalyzerContext } from './analyzer.ts';

/** A `log` event for a protocol without a kind of its own: named as Zeek's log of it, with Zeek's field names in `fields`. */
export function logRecord(context: AnalyzerContext, name: string, fields: object): EventOf<'log'> {
  const event = context.newEvent('log');
  event.log_name = name;
  event.event_dataset = `pcap.${name}`;
  event.fields = JSON.stringify(fields);
  return event;
}

/** Emits the records of one connection up to a bound: some protocols go on for years, and some hosts are floods. */
export class ConnectionLog {
  readonly #context: AnalyzerContext;
  readonly #maxRecords: number;
  #records = 0;

  constructor(context: AnalyzerContext, maxRecords: number) {
    this.#context = context;
    this.#maxRecords = maxRecords;
  }

  /** `amend` may fill in columns of the event. */
  add(name: string, fields: object, amend?: (event: EventOf<'log'>) => void): void {
    const event = logRecord(this.#context, name, {});
    amend?.(event);
    this.addEvent(event, fields);
  }

  /** A record that began in an earlier packet. */
  addEvent(event: EventOf<'log'>, fields: object): void {
    if (this.#records >= this.#maxRecords) {
      const problem = `a message beyond the bound of its connection has no record in ${event.log_name}`;
      this.#context.problem('limit-reached', problem);
      return;
    }
    this.#records++;
    event.fields = JSON.stringify(fields);
    this.#context.emit(event);
  }
}
