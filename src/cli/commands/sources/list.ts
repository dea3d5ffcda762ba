import { sources } from '../../../collect/sources/registry.generated.ts';
import type { Source } from '../../../collect/source.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';

/** Every source with what it yields. */
export function listSources(terminal: Terminal): ExitCode {
  const list = Object.values(sources).map(({ id, title, description, emits }: Source) => ({
    id,
    title,
    description,
    emits,
  }));
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ sources: list }, null, 1)}\n`);
    return 0;
  }
  const columns = ['source', 'reads', 'kinds of event'].map((name) => ({ name, type: 'VARCHAR' }));
  const rows = list.map(({ id, title, emits }) => [id, title, emits.join(', ')]);
  terminal.out(rowsAsTable({ columns, rows, isCut: false }, Math.max(terminal.width, 100)));
  return 0;
}
