import { newEvent } from '../../../events/event.ts';
import type { MapEvent, Provider } from '../provider.ts';

/** Task Scheduler, operational log. */
export const taskScheduler: Provider = {
  names: ['Microsoft-Windows-TaskScheduler'],
  dataset: 'task-scheduler',
  events: {
    100: task('started'),
    101: task('failed'),
    102: task('completed'),
    106: task('created'),
    129: task('started'),
    140: task('updated'),
    141: task('deleted'),
    142: task('disabled'),
    200: task('started'),
    201: task('completed'),
    203: task('failed'),
  },
};

function task(action: string): MapEvent {
  return (reader) => {
    const event = newEvent('scheduled_task');
    event.event_action = action;
    event.event_outcome = action === 'failed' ? 'failure' : 'success';
    event.task_type = 'task';
    event.task_name = reader.text('TaskName', 'Name');
    event.task_command = reader.text('ActionName', 'Path');
    event.user_name = reader.text('UserContext', 'UserName');
    event.process_pid = reader.integer('ProcessID', 'EnginePID');
    return event;
  };
}
