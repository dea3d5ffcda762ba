import { firstRecordKeys } from '../../json-keys.ts';
import type { Detection } from '../../source.ts';

/** EVE has `timestamp` and `event_type` among a record's own keys; those of others have them inside, if at all. */
export function detectEve(head: Uint8Array): Detection {
  const isEve = firstRecordKeys(head).some((keys) => keys.has('timestamp') && keys.has('event_type'));
  return isEve ? 'certain' : undefined;
}
