import type { VakthundEvent } from '../../../events/event.ts';
import { groupsIn, spoken, type SystemMessage } from './message.ts';

const command = /^\((?<user>[^\s()]{1,64})\) CMD \((?<command>.*)\)$/s;
const table = /^\((?<by>[^\s()]{1,64})\) (?<what>REPLACE|DELETE|END EDIT|RELOAD) \((?<table>[^()]{1,512})\)$/;
const actions: Readonly<Record<string, string>> = { REPLACE: 'updated', DELETE: 'deleted', RELOAD: 'updated' };

/** Commands that cron starts, and tables that crontab changes. An edit that ends without a change says nothing. */
export function readCron(message: SystemMessage): VakthundEvent | undefined {
  const started = groupsIn(message.text, command);
  if (started !== undefined) {
    const columns = {
      event_action: 'exec',
      event_outcome: 'success',
      // The shell of the command has no name yet; who writes is its parent's copy.
      process_name: null,
      process_parent_name: message.program,
      process_command_line: started['command']?.trim() ?? null,
      user_name: started['user'] ?? null,
    };
    return spoken('process', message, columns);
  }
  const changed = groupsIn(message.text, table);
  const action = actions[changed?.['what'] ?? ''];
  if (changed === undefined || action === undefined) return undefined;
  const columns = {
    event_action: action,
    event_outcome: 'success',
    task_type: 'task',
    task_name: `crontab of ${changed['table'] ?? ''}`,
    user_name: changed['by'] ?? null,
  };
  return spoken('scheduled_task', message, columns);
}
