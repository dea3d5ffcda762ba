import { quote, type ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import type { OnBadValue } from '../../mapping/combine.ts';
import { lossProblem } from './loss.ts';

/** What is done to every row of a log, whichever way it was written: bad values told, losses seen. */
export class RowWatch {
  /** One function for all rows: making one for each would cost more than a column. */
  readonly onBad: OnBadValue;
  #line = 0;
  #problems: ProblemList | undefined;

  constructor() {
    this.onBad = (path, value) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const message = `the value of ${path} does not fit its column: ${quote(text)}`;
      this.#problems?.add({ code: 'bad-value', at: { line: this.#line }, message });
    };
  }

  /** To be called before a row is read, so that its bad values get their place. */
  begin(line: number, problems: ProblemList): void {
    this.#line = line;
    this.#problems = problems;
  }

  finish(event: EventRow, log: string): VakthundEvent {
    event['evidence_at'] = this.#line;
    const loss = lossProblem(log, event, this.#line);
    if (loss !== undefined) this.#problems?.add(loss);
    return event as unknown as VakthundEvent;
  }
}
