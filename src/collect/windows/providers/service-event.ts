import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setSubject } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';

interface Service {
  readonly command: string | null;
  readonly type: string | null;
  readonly start: string | null;
  readonly account: string | null;
}

/** Kernel and file system drivers: by their names in the System log, by their numbers (winnt.h) in the Security log. */
const driverTypes: ReadonlySet<string> = new Set(['kernel mode driver', 'file system driver', '0x1', '0x2', '0x8']);

/** A service that was installed: a scheduled task of ours, or a kernel module when it is a driver. */
export function serviceInstalled(reader: EventReader, { command, type, start, account }: Service): VakthundEvent {
  if (driverTypes.has(type?.toLowerCase() ?? '')) {
    const driver = newEvent('kernel_module');
    setSubject(driver, reader);
    driver.event_action = 'install';
    driver.event_outcome = 'success';
    driver.module_name = reader.text('ServiceName');
    driver.file_path = command;
    return driver;
  }
  const event = newEvent('scheduled_task');
  setSubject(event, reader);
  event.event_action = 'created';
  event.event_outcome = 'success';
  event.task_type = 'service';
  event.task_name = reader.text('ServiceName');
  event.task_command = command;
  event.task_trigger = start;
  event.task_user = account;
  return event;
}
