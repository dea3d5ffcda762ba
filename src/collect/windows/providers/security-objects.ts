import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setProcess, setSubject } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import { registryEvent } from './registry-event.ts';

/** Rights of a file that change it (winnt.h): write, append, attributes, delete, DACL, owner. */
const changingRights = 0x2 | 0x4 | 0x10 | 0x100 | 0x4_0000 | 0x8_0000;
const deleteRight = 0x1_0000;

/** 4656: a handle was asked for. Only of files and keys we make an event of their own. */
export function objectAccess(reader: EventReader): VakthundEvent | undefined {
  return accessOf(reader, 'open');
}

/** 4663: an object was accessed. */
export function fileAccess(reader: EventReader): VakthundEvent | undefined {
  return accessOf(reader, actionOf(reader.integer('AccessMask') ?? 0));
}

function actionOf(mask: number): string {
  if ((mask & deleteRight) !== 0) return 'delete';
  return (mask & changingRights) === 0 ? 'read' : 'write';
}

/** What the same rights mean of a registry key. */
const keyActions: ReadonlyMap<string, string> = new Map([
  ['write', 'changed'],
  ['delete', 'key-deleted'],
]);

function accessOf(reader: EventReader, action: string): VakthundEvent | undefined {
  const type = reader.text('ObjectType');
  const name = reader.text('ObjectName');
  if (type === 'Key') {
    const key = registryEvent(name, keyActions.get(action) ?? action, false);
    setSubject(key, reader);
    setProcess(key, reader.integer('ProcessId'), reader.text('ProcessName'));
    return key;
  }
  if (type !== 'File') return undefined;
  const event = newEvent('file_access');
  setSubject(event, reader);
  setProcess(event, reader.integer('ProcessId'), reader.text('ProcessName'));
  event.event_action = action;
  event.event_outcome = outcomeOf(reader);
  event.file_path = name;
  return event;
}

/** Bit of `Keywords` that marks a refused access (audit failure). */
const failureKeyword = '0x8010000000000000';

function outcomeOf(reader: EventReader): string {
  return reader.text('Keywords') === failureKeyword ? 'failure' : 'success';
}

const operations: ReadonlyMap<string, string> = new Map([
  ['%%1904', 'value-set'],
  ['%%1905', 'value-set'],
  ['%%1906', 'value-deleted'],
]);

/** 4657: a value was created, changed or deleted. */
export function registryValue(reader: EventReader): VakthundEvent {
  const key = reader.text('ObjectName');
  const value = reader.text('ObjectValueName');
  const action = operations.get(reader.text('OperationType') ?? '') ?? 'value-set';
  const event = registryEvent(key === null || value === null ? key : `${key}\\${value}`, action, value !== null);
  setSubject(event, reader);
  setProcess(event, reader.integer('ProcessId'), reader.text('ProcessName'));
  event.registry_data = reader.text('NewValue');
  return event;
}

/** 5140, 5145: a network share, or a file on it, was asked for from another machine. */
export function share(reader: EventReader): VakthundEvent {
  const event = newEvent('file_access');
  setSubject(event, reader);
  event.event_action = 'share';
  event.event_outcome = outcomeOf(reader);
  const name = reader.text('ShareName');
  const target = reader.text('RelativeTargetName');
  event.file_path = name === null || target === null ? name : `${name}\\${target}`;
  return event;
}
