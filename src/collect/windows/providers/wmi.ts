import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import { logEvent } from '../log-event.ts';
import type { Provider } from '../provider.ts';

/** WMI activity: event 5861 is a permanent subscription, which starts its consumer whenever its filter matches. */
export const wmi: Provider = {
  names: ['Microsoft-Windows-WMI-Activity'],
  dataset: 'wmi-activity',
  events: { 5857: provider, 5858: operation, 5860: operation, 5861: subscription },
};

function provider(reader: EventReader): VakthundEvent {
  const event = logEvent(reader, reader.text('ProviderPath'));
  event.process_pid = reader.integer('ProcessID');
  event.process_name = reader.text('HostProcess');
  return event;
}

function operation(reader: EventReader): VakthundEvent {
  const event = logEvent(reader, reader.text('Operation', 'Query'));
  event.process_pid = reader.integer('ClientProcessId', 'Processid');
  event.user_name = reader.text('User');
  return event;
}

function subscription(reader: EventReader): VakthundEvent {
  const event = newEvent('scheduled_task');
  event.event_action = 'created';
  event.event_outcome = 'success';
  event.task_type = 'subscription';
  event.task_name = reader.text('ESS', 'Namespace');
  event.task_command = reader.text('CONSUMER');
  event.task_trigger = reader.text('PossibleCause');
  return event;
}
