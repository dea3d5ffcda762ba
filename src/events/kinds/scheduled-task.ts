import { actorColumns, boolean, defineKind, text } from '../kind.ts';

export const kind = defineKind({
  id: 'scheduled_task',
  title: 'Scheduled task or service',
  description:
    'What the system is told to start by itself was registered, changed, removed or started: a scheduled task, a service, a subscription to events.',
  columns: {
    ...actorColumns,
    event_action: text(
      '`created`, `updated`, `deleted`, `enabled`, `disabled`, `started`, `completed`, `failed`; `listed`: an inventory says that it is there.',
      'event.action',
    ),
    event_outcome: text('`success` or `failure`.', 'event.outcome'),
    task_type: text('`task`, `service`, `subscription` (WMI) or `transfer` (BITS).'),
    task_name: text('Name of the task with its folders (`\\Microsoft\\Windows\\X`), or of the service.'),
    task_command: text('Program that it starts, as written.'),
    task_arguments: text('Arguments of it, where they stand apart from the program.'),
    task_user: text('Account that it runs as.'),
    task_trigger: text('When it starts: a kind of start (`auto start`), or the triggers as the record writes them.'),
    task_hidden: boolean('It is hidden from lists of tasks.'),
  },
});
