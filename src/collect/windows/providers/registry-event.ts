import { newEvent, type EventOf } from '../../../events/event.ts';
import { registryPath } from '../paths.ts';

/** A registry event about a path, with the path in its parts. */
export function registryEvent(path: string | null, action: string, hasValue: boolean): EventOf<'registry'> {
  const event = newEvent('registry');
  event.event_action = action;
  event.registry_path = path;
  if (path === null) return event;
  const parts = registryPath(path, hasValue);
  event.registry_hive = parts.hive;
  event.registry_key = parts.key;
  event.registry_value = parts.value;
  return event;
}
