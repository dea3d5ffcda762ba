import { VakthundError } from '../../../base/errors.ts';
import type { KindId } from '../../../events/event.ts';
import type { Condition } from '../../../match/condition/condition.ts';
import { conditionSql } from '../../../match/condition/sql/condition-sql.ts';
import type { Macros } from '../../../store/macros.ts';
import type { MissingField, RuleQuery, RuleSearch } from '../rule-language.ts';
import { mappedKinds } from './events/mapping.ts';
import { syscallColumns } from './events/sql.ts';
import type { CompiledRule } from './load/compiled-rule.ts';
import { fewest, reachOf } from './reach.ts';

/** How a rule looks back over stored events: a query for each kind of event on which it can be true. */
export function searchRule({ condition, item }: CompiledRule, macros: Macros): RuleSearch {
  if (item.source !== 'syscall') {
    return { queries: [], missing: [{ field: 'evt.source', why: `events of ${item.source} are not stored` }] };
  }
  const queries: RuleQuery[] = [];
  const lacking: (readonly MissingField[])[] = [];
  for (const kind of mappedKinds) {
    const columns = syscallColumns(kind, macros);
    const reach = reachOf(condition, (field) => columns.field(field));
    if (reach.condition.kind === 'never') {
      lacking.push(reach.missing);
      continue;
    }
    const where = whereSql(reach.condition, kind, macros);
    if (typeof where === 'string') queries.push({ kind, sql: `SELECT * FROM "${kind}" WHERE ${where}` });
    else lacking.push([where]);
  }
  return { queries, missing: queries.length > 0 ? [] : fewest(lacking) };
}

function whereSql(condition: Condition, kind: KindId, macros: Macros): string | MissingField {
  try {
    return conditionSql(condition, syscallColumns(kind, macros), macros.conditions).sql;
  } catch (error) {
    if (error instanceof VakthundError) return { field: 'condition', why: error.message };
    throw error;
  }
}
