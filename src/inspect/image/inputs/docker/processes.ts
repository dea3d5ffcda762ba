import type { EngineFacts } from '../engine.ts';
import { engineOfFlags } from './daemon.ts';

/** A list of processes in which an engine runs. */
export function isProcessList(text: string): boolean {
  return /^\s*(?:\S+\s+)*PID\s.*(?:CMD|COMMAND)\s*$/m.test(text.slice(0, 1000)) && engine.test(text);
}

const engine = /\s(?:\/\S{0,100}\/)?dockerd(?=\s|$)(?<flags>.{0,4000})/m;

/** The flags with which engines run. */
export function enginesOfProcesses(text: string, path: string): EngineFacts[] {
  return text.split('\n').flatMap((line, index) => {
    const flags = engine.exec(line)?.groups?.['flags'];
    return flags === undefined ? [] : [engineOfFlags(flags.trim().split(/\s+/), { path, line: index + 1 })];
  });
}
