import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsOf, type GlobalOptions } from '../../context.ts';
import { unitPath } from './unit.ts';

const shippedContent = fileURLToPath(new URL('../../../../content/', import.meta.url)).replace(/\/$/, '');

const ownProgram = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');
/** By which systemd starts it with the machine. */
const enabled = '/etc/systemd/system/multi-user.target.wants/vakthund.service';

/**
 * What nobody should change while a watch runs: this program (without the libraries that it uses) and the Node that runs it, shipped and given rules, indicator
 * lists, settings, and the unit that starts it.
 */
export async function guardedPaths(
  options: GlobalOptions & { readonly rules: readonly string[]; readonly indicators: readonly string[] },
): Promise<string[]> {
  const { origins } = await settingsOf(options);
  const files = [...options.rules, ...options.indicators, ...origins.values()].map((path) => resolve(path));
  return [...new Set([shippedContent, ownProgram, process.execPath, unitPath, `${unitPath}.d`, enabled, ...files])];
}
