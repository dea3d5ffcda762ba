import rows from '../data/events.json' with { type: 'json' };
import flagTexts from '../data/flags.json' with { type: 'json' };
import syscallText from '../data/syscalls.json' with { type: 'json' };

/** What an event does to file descriptors and to the state of processes, as bits of `EventType.flags`. */
export const eventFlag = {
  'creates-fd': 1,
  'destroys-fd': 2,
  'uses-fd': 4,
  reads: 8,
  writes: 16,
  waits: 32,
  'skip-state': 64,
  large: 128,
  unused: 256,
  'modifies-state': 512,
} as const;
/** The event creates, uses or closes a file descriptor. */
export const anyDescriptor = eventFlag['creates-fd'] | eventFlag['uses-fd'] | eventFlag['destroys-fd'];

/** Name and value of bits or of enumerated values, in the order in which they are written. */
export type NameTable = readonly (readonly [name: string, value: number])[];

export interface Parameter {
  readonly name: string;
  /** Type of the format without PT_: `FD`, `FSPATH`, `FLAGS32` … */
  readonly type: string;
  readonly base: 8 | 10 | 16;
  readonly names: NameTable | undefined;
  /** Position of the parameter that holds the directory which a relative path starts at; -1 for none. */
  readonly directory: number;
}

export interface EventType {
  readonly id: number;
  /** `SYSCALL_OPEN_X`: unique, with the version of the event where there are several. */
  readonly key: string;
  readonly name: string;
  readonly category: string;
  readonly kind: string;
  readonly flags: number;
  readonly isEnter: boolean;
  readonly parameters: readonly Parameter[];
}

const tables: Readonly<Record<string, NameTable>> = Object.fromEntries(
  Object.entries(flagTexts).map(([id, text]) => [id, text.split(' ').map(nameAndValue)]),
);

function nameAndValue(text: string): readonly [string, number] {
  const [name = '', value = '0'] = text.split('=');
  return [name, Number(value)];
}

/** All events by id. Even ids are enters, odd ones exits. */
export const eventTypes: readonly EventType[] = rows.map((row, id) => {
  const [key = '', name = '', category = '', kind = '', flags = '', parameters = ''] = row.split('|');
  return {
    id,
    key,
    name,
    category,
    kind,
    flags: words(flags).reduce((sum, flag) => sum | (eventFlag[flag as keyof typeof eventFlag] ?? 0), 0),
    isEnter: id % 2 === 0,
    parameters: parametersOf(words(parameters)),
  };
});

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

/** A relative path belongs to the directory descriptor nearest before it. */
function parametersOf(texts: readonly string[]): Parameter[] {
  let directory = -1;
  return texts.map((text, index) => {
    const [name = '', type = '', base = '', table = ''] = text.split(':');
    if (type === 'FD') directory = index;
    return {
      name,
      type,
      base: baseOf(base),
      names: tables[table],
      directory: type === 'FSRELPATH' ? directory : -1,
    };
  });
}

function baseOf(text: string): 8 | 10 | 16 {
  if (text === 'hex') return 16;
  return text === 'oct' ? 8 : 10;
}

const idByKey = new Map(eventTypes.map(({ key, id }) => [key, id]));

/** Id of an event by its key; for keys that stand in our own code, so a wrong one is a bug. */
export function eventId(key: string): number {
  const id = idByKey.get(key);
  if (id === undefined) throw new Error(`no event has the key ${key}`);
  return id;
}

const syscallNames = syscallText.split(' ');

/** Name of a system call by the format's own number; undefined for numbers that came after this table. */
export function syscallName(code: number): string | undefined {
  return syscallNames[code];
}
