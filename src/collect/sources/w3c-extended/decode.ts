import type { ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { shapedEvent } from '../../shaped-records.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { dateOf, fieldNames, valuesOf } from './directives.ts';
import { formOf, lostEvents, shapeOf, type Form, type W3cRow } from './rows.ts';

/** Rows under the last `#Fields` line above them, which is the state with the last `#Date`. */
export function w3cDecoder(state: string | undefined): LineDecoder {
  const reader = new W3cReader();
  for (const line of state?.split('\n') ?? []) reader.directive(line);
  return reader;
}

class W3cReader implements LineDecoder {
  #names: readonly string[] | undefined;
  #form: Form = 'log';
  #day: string | undefined;

  state(): string | undefined {
    if (this.#names === undefined) return undefined;
    const day = this.#day === undefined ? '' : `\n#Date: ${this.#day}`;
    return `#Fields: ${this.#names.join(' ')}${day}`;
  }

  directive(line: string): void {
    this.#day = dateOf(line) ?? this.#day;
    const names = fieldNames(line);
    if (names === undefined) return;
    this.#names = names;
    this.#form = formOf(names);
  }

  line(text: string, line: number, problems: ProblemList): VakthundEvent | string | [] {
    if (text.startsWith('#')) {
      this.directive(text);
      return text.startsWith('#Fields:') && fieldNames(text) === undefined ? 'a #Fields line names no columns' : [];
    }
    if (this.#names === undefined) return 'a row has no #Fields line above it';
    const values = valuesOf(text.trimEnd());
    if (values.length !== this.#names.length) {
      return `a row has ${values.length} values under ${this.#names.length} columns`;
    }
    const row: W3cRow = this.#row(this.#names, values);
    if (row['w3c-time'] === undefined) return 'a row has no date and time';
    const lost = lostEvents(this.#form, row);
    if (lost !== undefined) {
      const message = 'the firewall says that it could not log all of what it did';
      problems.add({ code: 'events-lost', at: { line }, message, ...(lost > 0 ? { count: lost } : {}) });
      return [];
    }
    return shapedEvent(shapeOf(this.#form, row, text), line, problems);
  }

  /** What is there, by name, with day and time as one. */
  #row(names: readonly string[], values: readonly string[]): W3cRow {
    const row: Record<string, string> = Object.create(null) as Record<string, string>;
    let [day, time] = [this.#day, undefined as string | undefined];
    for (let index = 0; index < names.length; index++) {
      const [name = '', value = ''] = [names[index], values[index]];
      if (name === 'date') day = value;
      else if (name === 'time') time = value;
      else if (value !== '-' && value !== '') row[name] = value;
    }
    if (day !== undefined && time !== undefined) row['w3c-time'] = `${day}T${time}Z`;
    return row;
  }
}
