import type { Beside } from './project.ts';
import { readEnvFile, type EnvFileValue } from './variables.ts';

/** Variables that the services of one file take from env files together. */
const maxVariables = 100_000;

/** The env files that services name, each read once. */
export class EnvFiles {
  readonly #beside: Beside;
  readonly #known = new Map<string, ReadonlyMap<string, EnvFileValue>>();
  #left = maxVariables;

  constructor(beside: Beside) {
    this.#beside = beside;
  }

  /** None for a file that is not here: what it would say is not known. */
  variablesIn(path: string): ReadonlyMap<string, EnvFileValue> {
    const variables = this.#known.get(path) ?? readEnvFile(this.#beside.readText(path) ?? '');
    this.#known.set(path, variables);
    const isOver = this.#left < variables.size;
    if (isOver && this.#left > 0) {
      const message = `more than ${maxVariables} variables of env files; the rest is not looked at`;
      this.#beside.problem({ code: 'limit-reached', at: { path }, message });
    }
    this.#left = isOver ? 0 : this.#left - variables.size;
    return isOver ? new Map() : variables;
  }
}
