import { newEvent } from '../../../../events/event.ts';
import { key } from '../records/keys.ts';
import { text } from '../records/values.ts';
import { applyActor, type Actor } from './actor.ts';
import type { MapContext } from './context.ts';
import { fieldsJson } from './fields-json.ts';
import { outcomeOf, ruleKeys } from './outcome.ts';
import { absolutePath } from './paths.ts';
import { recordOf } from './view.ts';
import type { Fields } from '../records/fields.ts';

const moduleType = key('KERN_MODULE');
const nameKey = key('name');

/** An event for loading or removing a kernel module: its name from KERN_MODULE, its file from PATH where one was logged. */
export function addModule(context: MapContext, main: Fields, actor: Actor, action: string): void {
  const { view, call } = context;
  const row = newEvent('kernel_module');
  applyActor(row, actor, view, 'auditd.syscall');
  row.event_action = action;
  row.event_outcome = outcomeOf(call);
  row.rule_keys = ruleKeys(call?.fields ?? main);
  const module = recordOf(view, moduleType);
  row.module_name = module === undefined ? null : text(module, nameKey);
  const [path] = view.paths;
  const name = path === undefined ? null : text(path, nameKey);
  row.file_path = name === null ? null : absolutePath(name, view.cwd);
  row.fields = fieldsJson(context, { main: call?.fields ?? main, withOthers: true, title: actor.otherTitle });
  context.events.push(row);
}
