import type { Verdict } from '../case/service.ts';
import type { Terminal } from './terminal.ts';
export async function printVerdict(verdict: Verdict, terminal: Terminal, _options: { showAll: boolean }): Promise<void> {
  terminal.out(`${JSON.stringify(verdict, null, 1)}\n`);
}
