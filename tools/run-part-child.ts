/** The other end of `run-part.ts`: `node run-part-child.ts FILE EXPORT [ARGUMENT…]`, its outcome as one message. */
import { pathToFileURL } from 'node:url';
import type { PartOutcome } from './run-part.ts';

interface Runnable {
  readonly id: string;
  isAvailable?(): Promise<boolean>;
  run(...args: readonly string[]): Promise<unknown>;
}

const [file = '', exportName = '', ...args] = process.argv.slice(2);

async function outcomeOf(): Promise<PartOutcome<unknown>> {
  try {
    const module = (await import(pathToFileURL(file).href)) as Record<string, Runnable | undefined>;
    const part = module[exportName];
    if (part === undefined) return { state: 'failed', message: `the file exports no \`${exportName}\`` };
    if ((await part.isAvailable?.()) === false) return { state: 'absent', id: part.id };
    return { state: 'done', id: part.id, result: await part.run(...args) };
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const outcome = await outcomeOf();
// A part that leaves a handle open must not hold up the others.
process.send?.(outcome, () => process.exit(0));
