import calls from './data/syscall-meanings.json' with { type: 'json' };
import records from './data/record-meanings.json' with { type: 'json' };

/** What a record type or a system call says, in the words of `ausearch --format text` and of the Elastic Common Schema. */
export interface Meaning {
  /** What was done, as a phrase before its object: `opened-file`, `changed-identity-of`. */
  readonly phrase?: string;
  /** What kind of thing it was done to: `file`, `socket`, `user-session`. */
  readonly object?: string;
  /** Fields that name the subject, its second name, the object and its second name, and the means; the first present counts. */
  readonly subject?: readonly string[];
  readonly actor?: readonly string[];
  readonly primary?: readonly string[];
  readonly secondary?: readonly string[];
  readonly how?: readonly string[];
  /** event.kind, event.category and event.type. */
  readonly kind?: string;
  readonly category?: readonly string[];
  readonly type?: readonly string[];
}

export interface RecordMeaning extends Meaning {
  /** Class of the record type, as `ausearch --format csv` names it: `user-login`, `anomaly`, `mac-decision`. */
  readonly class: string;
  /** `event_action` of the user session event that it becomes. */
  readonly session?: string;
  /** `addr` is where the user came from. */
  readonly source?: boolean;
}

export type CallKind = 'process' | 'file_access' | 'socket' | 'kernel_module';

export interface CallMeaning extends Meaning {
  /** Kind and `event_action` of the event that it becomes; undefined: a log record. */
  readonly event: { readonly kind: CallKind; readonly action: string } | undefined;
  /** Which PATH record the call is about, where that is not the first. */
  readonly pathIndex: number;
}

const recordMeanings: Readonly<Record<string, RecordMeaning>> = records;

export const unknownCall: CallMeaning = { event: undefined, pathIndex: 0, category: ['process'], type: ['info'] };
const nothingKnown: RecordMeaning = { class: 'unknown' };

const callMeanings: ReadonlyMap<string, CallMeaning> = new Map(
  calls.flatMap((row) => {
    const { calls: names, action, how, pathIndex } = row;
    const kind = readKind(row.kind);
    const meaning: CallMeaning = {
      phrase: row.phrase,
      object: row.object,
      category: row.category,
      type: row.type,
      ...(how === undefined ? {} : { how: [how] }),
      event: kind === undefined || action === undefined ? undefined : { kind, action },
      pathIndex: pathIndex ?? 0,
    };
    return names.split(' ').map((name) => [name, meaning] as const);
  }),
);

function readKind(name: string | undefined): CallKind | undefined {
  return name === 'process' || name === 'file_access' || name === 'socket' || name === 'kernel_module'
    ? name
    : undefined;
}

export function meaningOfCall(name: string): CallMeaning {
  return callMeanings.get(name) ?? unknownCall;
}

export function meaningOfRecord(type: string): RecordMeaning {
  return Object.hasOwn(recordMeanings, type) ? (recordMeanings[type] ?? nothingKnown) : nothingKnown;
}
