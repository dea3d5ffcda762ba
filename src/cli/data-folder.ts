import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where data that every case may use is kept, such as advisories (XDG base directories). */
export function dataFolder(name: string): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'vakthund', name);
}
