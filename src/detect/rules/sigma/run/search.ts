import { VakthundError } from '../../../../base/errors.ts';
import type { KindId } from '../../../../events/event.ts';
import { anyOf, type Condition } from '../../../../match/condition/condition.ts';
import { isAbsent } from '../../../../match/condition/resolver.ts';
import { conditionSql, sqlFault } from '../../../../match/condition/sql/condition-sql.ts';
import { isListType, textSql } from '../../../../match/condition/sql/views.ts';
import { eventFormat } from '../../../../match/event-format.ts';
import { eventColumns } from '../../../../store/event-columns.ts';
import type { Macros } from '../../../../store/macros.ts';
import type { GroupField, MissingField, RuleQuery, RuleSearch } from '../../rule-language.ts';
import type { ResolvedCorrelation } from '../collection.ts';
import { correlationSql, groupColumns, groupFields, type MatchedRows } from '../correlation/sql.ts';
import type { SigmaRule } from '../model.ts';
import { findPlaces } from '../taxonomy/place.ts';
import { referenceTo, startsWith, type Target } from '../taxonomy/target.ts';
import { planRule, type Question, type RulePlan } from './plan.ts';

/** How a rule looks back over stored events: a query for each kind of event that may answer. */
export function searchRule(plan: RulePlan, macros: Macros): RuleSearch {
  const missing: MissingField[] = [...plan.missing];
  const queries: RuleQuery[] = [];
  for (const [kind, questions] of Map.groupBy(plan.questions, (question) => question.kind)) {
    const condition = anyOf(questions.map((question) => question.condition));
    const fault = sqlFault(condition);
    if (fault === undefined) queries.push(searchQuery(kind, condition, questions, macros));
    else missing.push({ field: 'condition', why: fault });
  }
  return { queries, missing };
}

/** SQL is written when it is asked for: a hunt with many rules reads rows instead. */
function searchQuery(kind: KindId, condition: Condition, questions: readonly Question[], macros: Macros): RuleQuery {
  return {
    kind,
    rows: { format: eventFormat, questions },
    get sql() {
      return `SELECT * FROM "${kind}" WHERE ${conditionSql(condition, eventColumns(kind, macros), macros.conditions).sql}`;
    },
    get probes() {
      return probesOf(kind, questions, macros);
    },
  };
}

const isFromWindows = startsWith('event_dataset', 'windows');

/** The side of the house, then the log source. */
function probesOf(kind: KindId, questions: readonly Question[], macros: Macros): string[] {
  const isWindows = questions.every(({ platform }) => platform === 'windows');
  const where = anyOf(questions.map(({ target }) => target.where));
  return [...(isWindows ? [isFromWindows] : []), where].flatMap((condition) => {
    const sql = whereSql(condition, kind, macros);
    return typeof sql === 'string' ? [sql] : [];
  });
}

/** The condition over rows of a kind, or why it cannot be run there. */
function whereSql(condition: Condition, kind: KindId, macros: Macros): string | MissingField {
  try {
    return conditionSql(condition, eventColumns(kind, macros), macros.conditions).sql;
  } catch (error) {
    if (error instanceof VakthundError) return { field: 'condition', why: error.message };
    throw error;
  }
}

/** A correlation as one query; none when one of its rules cannot match anything. */
export function searchCorrelation(correlation: ResolvedCorrelation, macros: Macros): RuleSearch {
  const missing: MissingField[] = [];
  const reads = new Set<KindId>();
  const rows = (rule: SigmaRule): MatchedRows[] => {
    const plan = planRule(rule);
    for (const { kind } of plan.questions) reads.add(kind);
    const found = plan.questions.flatMap(({ kind, condition, target }) => {
      const where = whereSql(condition, kind, macros);
      if (typeof where !== 'string') missing.push(where);
      return typeof where === 'string' ? [matchedRows(kind, where, target, macros)] : [];
    });
    missing.push(...plan.missing);
    return found;
  };
  for (const rule of rulesOf(correlation)) if (rows(rule).length === 0) return { queries: [], missing };
  missing.length = 0;
  const sql = correlationSql(correlation, { dialect: macros.conditions, macros, rows });
  return { queries: [{ kind: undefined, reads: [...reads], sql, group: groupOf(correlation) }], missing };
}

/** What the first rule reads for a field says where its values stand. */
function groupOf({ document, parts: [first] }: ResolvedCorrelation): GroupField[] {
  if (first === undefined) return [];
  const names = groupFields(document, first, 0);
  const target = 'parts' in first ? undefined : planRule(first.document).questions[0]?.target;
  return groupColumns(document).map((column, index) => {
    const field = document.groupBy[index] ?? column;
    const places = target === undefined ? [] : findPlaces(names[index] ?? field, target);
    return { field, column, from: places.find((place) => typeof place === 'string') };
  });
}

function rulesOf(correlation: ResolvedCorrelation): SigmaRule[] {
  return correlation.parts.flatMap((part) => ('parts' in part ? rulesOf(part) : [part.document]));
}

function matchedRows(kind: KindId, where: string, target: Target, macros: Macros): MatchedRows {
  const resolver = eventColumns(kind, macros);
  const dialect = macros.conditions;
  return {
    from: `"${kind}"`,
    where,
    field: (name) => {
      const texts = findPlaces(name, target).flatMap((place) => {
        if (typeof place !== 'string') return [dialect.text(place.constant)];
        const field = resolver.field(referenceTo(place));
        if (isAbsent(field)) return [];
        return [
          isListType(field.type) ? dialect.join(field.sql, dialect.text(',')) : textSql(field.sql, field.type, dialect),
        ];
      });
      return texts.length > 1 ? `coalesce(${texts.join(', ')})` : texts[0];
    },
  };
}
