import type { Command as Commander } from 'commander';
import type { Terminal } from './terminal.ts';

/** Exit codes: 0 done, 1 findings at or over `--fail-on`, 2 could not do it. */
export type ExitCode = 0 | 1 | 2;

/** A verb of the command line. The folder imports heavy parts inside `run`, so that `--help` stays fast. */
export interface Command<Id extends string = string> {
  readonly id: Id;
  readonly summary: string;
  /** Points of the guides that it serves by itself. */
  readonly guide?: readonly string[];
  /** Adds arguments, options and examples to the bare commander command, and its action through `run`. */
  define(command: Commander, run: (action: (terminal: Terminal) => Promise<ExitCode>) => Promise<void>): void;
}

/** A verb below a verb, such as `show` of `image show`: it adds itself to the command of the verb above. */
export interface Subcommand {
  define(parent: Commander, run: (action: (terminal: Terminal) => Promise<ExitCode>) => Promise<void>): void;
}

export function defineCommand<const Id extends string>(command: Command<Id>): Command<Id> {
  return command;
}
