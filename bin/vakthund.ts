/** Where the program starts: compiled code is kept between runs, so that `--help` answers at once. */
import { constants, enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const beside = join(import.meta.dirname, '../node_modules/.cache/compile');
const ofUser = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vakthund/compile');

// An installation that belongs to someone else cannot be written to; then the cache stands with the user.
const { FAILED } = constants.compileCacheStatus;
if (enableCompileCache(beside).status === FAILED) enableCompileCache(ofUser);
await import('../src/cli/main.ts');
