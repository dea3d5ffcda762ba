import { newEvent, type VakthundEvent } from '../../../events/event.ts';
import type { EventReader } from '../event-reader.ts';
import type { Provider } from '../provider.ts';
import { serviceInstalled } from './service-event.ts';

/** The service control manager, in the System log. */
export const serviceControl: Provider = {
  names: ['Service Control Manager'],
  dataset: 'service-control',
  events: { 7040: startTypeChanged, 7045: installed },
};

function installed(reader: EventReader): VakthundEvent {
  return serviceInstalled(reader, {
    command: reader.text('ImagePath'),
    type: reader.text('ServiceType'),
    start: reader.text('StartType'),
    account: reader.text('AccountName'),
  });
}

/** `param1` is the service's title, `param4` its name, `param3` how it starts from now on. */
function startTypeChanged(reader: EventReader): VakthundEvent {
  const event = newEvent('scheduled_task');
  event.event_action = reader.text('param3')?.toLowerCase() === 'disabled' ? 'disabled' : 'updated';
  event.event_outcome = 'success';
  event.task_type = 'service';
  event.task_name = reader.text('param4', 'param1');
  event.task_trigger = reader.text('param3');
  return event;
}
