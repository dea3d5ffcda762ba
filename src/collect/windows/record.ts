/** A whole number that a double does not hold: an object that `JSON.stringify` writes as the digits it was made of. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** Makes one of decimal digits. */
export function rawNumber(digits: string): RawNumber {
  // Known to V8 since version 11.4, and not yet to TypeScript.
  return (JSON as unknown as { rawJSON(text: string): RawNumber }).rawJSON(digits);
}

/** What stands for a single value of an event. */
export type Scalar = string | number | boolean | RawNumber;
/** What a field holds. JSON from others may have lists and objects within them. */
export type FieldValue = Scalar | readonly FieldValue[];

/**
 * A Windows event as flat fields, whatever it was read from: `System` and its attributes as `EventID`, `Channel`,
 * `Provider_Name`, `Execution_ProcessID`; what is in `EventData` and `UserData` under its own name. The readme beside
 * this file has the whole rule. Its JSON is the `fields` column. It inherits nothing: any name may be asked for.
 */
export type WindowsRecord = Readonly<Record<string, FieldValue>>;

/** Parts of an event; the name of one stands before a field's where the field's alone is taken. */
export type Container = 'System' | 'EventData' | 'UserData' | 'RenderingInfo' | 'ProcessingErrorData' | 'Event';

const containers: ReadonlySet<string> = new Set<Container>([
  'System',
  'EventData',
  'UserData',
  'RenderingInfo',
  'ProcessingErrorData',
]);

/** The part of an event that its child element of this name is. */
export function containerOf(element: string): Container {
  return containers.has(element) ? (element as Container) : 'Event';
}

/**
 * Field name of what stands in a container under `name`. What the collector rendered as text (`Level`, `Task`, `Opcode`)
 * has the names that `System` has, so that all of it but the message carries its container's name.
 */
export function nameIn(container: Container, name: string): string {
  return container === 'RenderingInfo' && name !== 'Message' ? `RenderingInfo_${name}` : name;
}

/** Field name of an attribute; undefined for declarations of name spaces, which say nothing of the event. */
export function attributeName(element: string, attribute: string): string | undefined {
  return attribute === 'xmlns' || attribute.startsWith('xmlns:') ? undefined : `${element}_${attribute}`;
}

class Fields {}
Object.setPrototypeOf(Fields.prototype, null);
Reflect.deleteProperty(Fields.prototype, 'constructor');

/** Puts a record together, one after another. */
export class RecordBuilder {
  #fields = new Fields() as Record<string, FieldValue>;
  #data: Scalar[] = [];
  #repeats: Map<string, number> | undefined;

  /** Adds a field. A name that is taken gets its container's before it, then a number behind it: nothing is lost. */
  add(container: Container, name: string, value: FieldValue): void {
    if (this.#fields[name] === undefined) this.#fields[name] = value;
    else this.#addAgain(container, name, value);
  }

  /** Adds a `Data` element without a name: one is the field `Data`, several are a list in it. */
  addUnnamed(value: Scalar): void {
    this.#data.push(value);
  }

  /** The record; the builder starts over. */
  finish(): WindowsRecord {
    const fields = this.#fields;
    const [first] = this.#data;
    if (first !== undefined) {
      const isOne = this.#data.length === 1;
      this.add('EventData', 'Data', isOne ? first : this.#data);
      this.#data = [];
    }
    this.#fields = new Fields() as Record<string, FieldValue>;
    this.#repeats = undefined;
    return fields;
  }

  #addAgain(container: Container, name: string, value: FieldValue): void {
    const prefixed = `${container}_${name}`;
    if (container !== 'System' && this.#fields[prefixed] === undefined && isSystemName(name)) {
      this.#fields[prefixed] = value;
      return;
    }
    this.#repeats ??= new Map();
    let count = this.#repeats.get(name) ?? 0;
    do count++;
    while (this.#fields[`${name}_${count}`] !== undefined);
    this.#repeats.set(name, count);
    this.#fields[`${name}_${count}`] = value;
  }
}

/** Elements of `System` (winevt schema) that stand under their own name. */
const systemNames: ReadonlySet<string> = new Set([
  'EventID',
  'Version',
  'Level',
  'Task',
  'Opcode',
  'Keywords',
  'EventRecordID',
  'Channel',
  'Computer',
]);

function isSystemName(name: string): boolean {
  return systemNames.has(name);
}
