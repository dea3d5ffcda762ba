import { errorCodes } from '../../src/base/errors.ts';
import { problemCodes } from '../../src/base/problem.ts';
import { derivedTables, type TableSpec } from '../../src/store/tables.ts';
import { code, referencePage, table, type GeneratedFile } from './page.ts';

/** Closed lists of the code: errors, problems, derived tables. */
export function listPages(): GeneratedFile[] {
  const tables: readonly (readonly [string, TableSpec])[] = Object.entries(derivedTables);
  return [
    referencePage('errors', 'Errors', [
      'A failed operation ends with exit code 2 and one of these codes. A bug shows as `INTERNAL`; please report it.',
      table(
        ['code', 'meaning'],
        Object.entries(errorCodes).map(([name, text]) => [code(name), text]),
      ),
    ]),
    referencePage('problems', 'Problems', [
      'What could not be read, understood or checked is a result, shown beside every verdict: no finding does not mean clean when something was not seen. Each problem has a code, a place (`path:line` or `path@byte`) and a sentence.',
      table(
        ['code', 'meaning'],
        Object.entries(problemCodes).map(([name, text]) => [code(name), text]),
      ),
    ]),
    referencePage('tables', 'Derived tables', [
      'Filled by [enrichers](enrichers.md) and rebuilt whenever evidence came in; `vakthund hunt` joins [event tables](events.md) with them.',
      ...tables.flatMap(([name, spec]) => [
        `## ${spec.title} (\`${name}\`)`,
        spec.description,
        table(
          ['column', 'type', 'meaning'],
          Object.entries(spec.columns).map(([column, [type, text]]) => [code(column), code(type), text]),
        ),
      ]),
    ]),
  ];
}
