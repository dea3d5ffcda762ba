import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import { setProcess } from '../actor.ts';
import type { EventReader } from '../event-reader.ts';
import type { Provider } from '../provider.ts';

/** The Background Intelligent Transfer Service: jobs, and what they fetch or send. */
export const bits: Provider = {
  names: ['Microsoft-Windows-Bits-Client'],
  dataset: 'bits',
  events: { 3: jobCreated, 16403: jobCreated },
};

function jobCreated(reader: EventReader): VakthundEvent {
  const event = newEvent('scheduled_task');
  setProcess(event, reader.integer('processId', 'ClientProcessId'), reader.text('processPath'));
  event.user_name = reader.text('jobOwner', 'User');
  event.event_action = 'created';
  event.event_outcome = 'success';
  event.task_type = 'transfer';
  event.task_name = reader.text('jobTitle', 'string', 'string1');
  event.task_command = reader.text('RemoteName');
  return event;
}
