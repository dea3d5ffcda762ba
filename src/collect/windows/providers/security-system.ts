import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setSubject } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import { logEvent } from '../log-event.ts';
import type { MapEvent } from '../provider.ts';
import { serviceInstalled as installed } from './service-event.ts';
import { readTask } from './task-xml.ts';

/** Start types of a service by their numbers (winnt.h). */
const startTypes: ReadonlyMap<string, string> = new Map([
  ['0', 'boot start'],
  ['1', 'system start'],
  ['2', 'auto start'],
  ['3', 'demand start'],
  ['4', 'disabled'],
]);

/** 4697: the same as 7045 of the System log, with who did it. */
export function serviceInstalled(reader: EventReader): VakthundEvent {
  const start = reader.text('ServiceStartType');
  return installed(reader, {
    command: reader.text('ServiceFileName'),
    type: reader.text('ServiceType'),
    start: start === null ? null : (startTypes.get(start) ?? start),
    account: reader.text('ServiceAccount'),
  });
}

/** 4698 to 4702: the definition of the task is XML in one field. */
export function task(action: string): MapEvent {
  return (reader) => {
    const event = newEvent('scheduled_task');
    setSubject(event, reader);
    event.event_action = action;
    event.event_outcome = 'success';
    event.task_type = 'task';
    event.task_name = reader.text('TaskName');
    const definition = readTask(reader.text('TaskContent', 'TaskContentNew') ?? '');
    event.task_command = definition.command;
    event.task_arguments = definition.arguments;
    event.task_user = definition.user;
    event.task_hidden = definition.isHidden;
    event.task_trigger = definition.triggers;
    return event;
  };
}

/** 4719: what is audited was changed. */
export function auditPolicy(reader: EventReader): VakthundEvent {
  const event = logEvent(reader, reader.text('AuditPolicyChanges'));
  setSubject(event, reader);
  return event;
}
