import { files } from './files.ts';
import { logins } from './logins.ts';
import type { InventoryRow } from './row.ts';
import { running } from './running.ts';
import { scheduled } from './scheduled.ts';

/** Every class of the persistence inventory, in groups of what they have in common. */
export const inventory: Readonly<Record<string, readonly InventoryRow[]>> = {
  'By the clock, at boot and with services': scheduled,
  'At a log-in, and who becomes root': logins,
  'Among files, in web roots and for containers': files,
  'On a running machine': running,
};
