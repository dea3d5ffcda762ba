import type { ProblemList } from '../base/problem.ts';
import type { StreamResolver } from './condition/resolver.ts';

/**
 * Events of one kind of origin as rules see them while they stream: each record with the fields of a rule language.
 * A record is valid only until the next one is read: getters may look at state that moves on with the stream
 * (process tables), so whoever wants a value later takes it now.
 */
export interface RecordFormat<R> {
  /** Name of the origin in the rule language: Falco's `syscall`, `k8s_audit`, …; `event` for our own event rows. */
  readonly id: string;
  /** Fields of a record by the language's names; one that cannot be had says why. */
  readonly resolver: StreamResolver<R>;
  /** Nanoseconds since 1970. */
  time(record: R): bigint;
  /** What rules are indexed by: Falco's `evt.type`, the event kind; `''` where there is none. */
  type(record: R): string;
}

/** A format of evidence whose records rules can judge as they occur, with more fields than events keep. */
export interface RecordStream<R = unknown> extends RecordFormat<R> {
  /** Reads the content to its end and shows each record in order. What cannot be read goes to `problems`. */
  read(
    content: AsyncIterable<Uint8Array>,
    show: (record: R) => void,
    context: { readonly name: string; readonly problems: ProblemList },
  ): Promise<void>;
}

/** Forgets the type of the records. They come from the stream itself and go back to its own getters, so none can be wrong. */
export function streamOfAny<R>(stream: RecordStream<R>): RecordStream {
  return stream as unknown as RecordStream;
}
