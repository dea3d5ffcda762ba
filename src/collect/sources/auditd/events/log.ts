import { newEvent } from '../../../../events/event.ts';
import type { Fields } from '../records/fields.ts';
import { keySet } from '../records/keys.ts';
import { applyActor, type Actor } from './actor.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { summarise } from './summary.ts';

/** Fields of a record of its own that have a column in the log kind. */
const taken = keySet('pid ppid comm exe tty terminal euid auid ses AUID EUID');

/** An event for a record that no other kind fits, named after its type. */
export function addLog(context: MapContext, main: Fields, actor: Actor, dataset: string): void {
  const { view, call } = context;
  const row = newEvent('log');
  applyActor(row, actor, view, dataset);
  row.log_name = main.type.name;
  row.message = summarise(view, call, main).sentence;
  row.fields = fieldsJson(context, { main, taken, withOthers: true, title: actor.otherTitle });
  context.events.push(row);
}
