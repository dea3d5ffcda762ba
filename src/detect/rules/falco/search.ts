import type { EventRow, KindId } from '../../../events/event.ts';
import type { Condition } from '../../../match/condition/condition.ts';
import { compileCondition } from '../../../match/condition/stream/rule-set.ts';
import { conditionSql, sqlFault } from '../../../match/condition/sql/condition-sql.ts';
import type { Macros } from '../../../store/macros.ts';
import type { MissingField, RuleQuery, RuleSearch } from '../rule-language.ts';
import { mappedKinds } from './events/mapping.ts';
import { syscallColumns } from './events/sql.ts';
import { eventsAsSyscalls } from './events/stream.ts';
import type { CompiledRule } from './load/compiled-rule.ts';
import { fewest, reachOf } from '../reach.ts';
import { recordOf, sourceByDataset, storedFormat, storedKinds } from './sources/stored.ts';

/** How a rule looks back over stored events: a query for each kind of event on which it can be true. */
export function searchRule({ condition, item }: CompiledRule, macros: Macros): RuleSearch {
  if (item.source !== 'syscall') return searchRecords(condition, item.source, macros);
  const queries: RuleQuery[] = [];
  const lacking: (readonly MissingField[])[] = [];
  for (const kind of mappedKinds) {
    const columns = syscallColumns(kind, macros);
    const reach = reachOf(condition, (field) => columns.field(field));
    if (reach.condition.kind === 'never') {
      lacking.push(reach.missing);
      continue;
    }
    const fault = sqlFault(reach.condition);
    if (fault === undefined) queries.push(searchQuery(kind, reach.condition, macros));
    else lacking.push([{ field: 'condition', why: fault }]);
  }
  return { queries, missing: queries.length > 0 ? [] : fewest(lacking) };
}

/** SQL is written when it is asked for: a hunt with many rules reads rows instead. */
function searchQuery(kind: KindId, condition: Condition, macros: Macros): RuleQuery {
  return {
    kind,
    rows: { format: eventsAsSyscalls, questions: [{ kind, condition }] },
    get sql() {
      return `SELECT * FROM "${kind}" WHERE ${conditionSql(condition, syscallColumns(kind, macros), macros.conditions).sql}`;
    },
  };
}

/** Rules over plug-in records ask for JSON in ways that no SQL says: their rows are tested as they stream. */
function searchRecords(condition: Condition, sourceId: string, macros: Macros): RuleSearch {
  const [dataset, source] = [...sourceByDataset].find(([, { id }]) => id === sourceId) ?? [];
  if (dataset === undefined || source === undefined) {
    return { queries: [], missing: [{ field: 'evt.source', why: `events of ${sourceId} are not stored` }] };
  }
  const { test: holds } = compileCondition(condition, storedFormat(source).resolver);
  const test = (row: EventRow): boolean => {
    const record = recordOf(source, row);
    return record !== undefined && holds(record);
  };
  const isOfSource = `event_dataset = ${macros.conditions.text(dataset)}`;
  const queries = storedKinds.map((kind): RuleQuery => ({
    kind,
    sql: `SELECT * FROM "${kind}" WHERE ${isOfSource}`,
    probes: [isOfSource],
    test,
  }));
  return { queries, missing: [] };
}
