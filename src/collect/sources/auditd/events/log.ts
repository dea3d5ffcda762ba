import { newEvent } from '../../../../events/event.ts';
import { interpretField } from '../interpret/field.ts';
import type { Fields } from '../records/fields.ts';
import { KeySet } from '../records/keys.ts';
import { applyActor, type Actor } from './actor.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { summarise } from './summary.ts';

/** Characters of a message, about. */
const maxMessage = 2000;

/** Fields of a record of its own that have a column in the log kind. */
const taken = new KeySet('pid ppid comm exe tty terminal euid auid ses AUID EUID');

/** An event for a record that no other kind fits, named after its type. */
export function addLog(
  context: MapContext,
  main: Fields,
  actor: Actor,
  { dataset, withOthers }: { readonly dataset: string; readonly withOthers: boolean },
): void {
  const { view, call } = context;
  const row = newEvent('log');
  applyActor(row, actor, view, dataset);
  row.log_name = main.type.name;
  row.message = summarise(view, call, main).sentence ?? interpreted(main, call?.name ?? '');
  row.fields = fieldsJson(context, { main, taken, withOthers, title: actor.otherTitle });
  context.events.push(row);
}

/** Fields with their meaning, for records that there is no sentence for. */
function interpreted(main: Fields, call: string): string | null {
  const parts: string[] = [];
  let length = 0;
  for (let index = 0; index < main.count && length < maxMessage; index++) {
    const part = `${main.keys[index]?.name ?? ''}=${interpretField(main, index, call)}`;
    length += part.length;
    parts.push(part);
  }
  return parts.length === 0 ? null : parts.join(' ');
}
