import type { Fault } from '../../check.ts';
import type { Engine } from '../../inputs/engine.ts';
import type { Located } from '../../inputs/place.ts';

/**
 * A fault when a setting of the engine is not as wanted: it was seen with the other value, or the settings were seen without it and the
 * default is the other value.
 */
export function* unlessSet(
  engine: Engine,
  setting: Located<boolean> | undefined,
  wanted: { readonly value: boolean; readonly byDefault: boolean; readonly what: string },
): Generator<Fault> {
  if (setting === undefined && (!engine.isConfigured || wanted.byDefault === wanted.value)) return;
  if (setting?.value === wanted.value) return;
  yield { at: setting?.at ?? engine.at, what: wanted.what };
}
