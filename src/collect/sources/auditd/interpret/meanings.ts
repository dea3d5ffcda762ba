import { key, type Key } from '../records/keys.ts';
import calls from './data/syscall-meanings.json' with { type: 'json' };
import records from './data/record-meanings.json' with { type: 'json' };

/** Parts of a summary that a field of the record names. `actor` is the account, beside the login user who is the subject. */
const roles = ['subject', 'actor', 'primary', 'secondary', 'how'] as const;
export type Role = (typeof roles)[number];

/** What a record type or a system call says, in the words of `ausearch --format text` and of the Elastic Common Schema. */
export interface Meaning {
  /** What was done, as a phrase before its object: `opened-file`, `changed-identity-of`. */
  readonly phrase?: string;
  /** What kind of thing it was done to: `file`, `socket`, `user-session`. */
  readonly object?: string;
  /** Fields for each part; the first that is there counts. */
  readonly fields: Readonly<Partial<Record<Role, readonly Key[]>>>;
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

/** A record type as the table has it: with the names of fields. */
type RecordRow = Omit<RecordMeaning, 'fields'> & Readonly<Partial<Record<Role, readonly string[]>>>;

export const unknownCall: CallMeaning = {
  event: undefined,
  pathIndex: 0,
  fields: {},
  category: ['process'],
  type: ['info'],
};
const nothingKnown: RecordMeaning = { class: 'unknown', fields: {} };

const recordMeanings: ReadonlyMap<string, RecordMeaning> = new Map(
  Object.entries<RecordRow>(records).map(([type, row]) => [type, { ...row, fields: fieldsOf(row) }]),
);

const callMeanings: ReadonlyMap<string, CallMeaning> = new Map(
  calls.flatMap((row) => {
    const { calls: names, action, how, pathIndex, phrase, object, category, type } = row;
    const kind = readKind(row.kind);
    const meaning: CallMeaning = {
      phrase,
      object,
      category,
      type,
      fields: how === undefined ? {} : { how: [key(how)] },
      event: kind === undefined || action === undefined ? undefined : { kind, action },
      pathIndex: pathIndex ?? 0,
    };
    return names.split(' ').map((name) => [name, meaning] as const);
  }),
);

function fieldsOf(row: RecordRow): Meaning['fields'] {
  return Object.fromEntries(roles.flatMap((role) => (row[role] === undefined ? [] : [[role, row[role].map(key)]])));
}

function readKind(name: string | undefined): CallKind | undefined {
  return name === 'process' || name === 'file_access' || name === 'socket' || name === 'kernel_module'
    ? name
    : undefined;
}

export function meaningOfCall(name: string): CallMeaning {
  return callMeanings.get(name) ?? unknownCall;
}

export function meaningOfRecord(type: string): RecordMeaning {
  return recordMeanings.get(type) ?? nothingKnown;
}
