import {
  allOf,
  anyOf,
  never,
  not,
  type Condition,
  type FieldTest,
  type FieldReference,
  type Subject,
} from '../../match/condition/condition.ts';
import { isAbsent, type Absent } from '../../match/condition/resolver.ts';
import type { MissingField } from './rule-language.ts';

/** What is left of a condition where some fields are not there. */
export interface Reach {
  /** `never` when it can be true no more. */
  readonly condition: Condition;
  /** Fields whose tests fell away. */
  readonly missing: readonly MissingField[];
}

/**
 * Puts `false` for every test of a field that `field` answers with a reason, and simplifies. A test that needs a field
 * under `not` becomes true, as it is when the rule runs. `isMetByAbsence` names tests that are for what has no such field.
 */
export function reachOf(
  condition: Condition,
  field: (reference: FieldReference) => object | Absent,
  isMetByAbsence: (test: FieldTest) => boolean = () => false,
): Reach {
  const missing = new Map<string, MissingField>();
  const done = new Map<Condition, Condition>();
  const absent = ({ name, argument }: FieldReference): boolean => {
    const answer = field(argument === undefined ? { name } : { name, argument });
    if (!isAbsent(answer)) return false;
    const text = argument === undefined ? name : `${name}[${argument}]`;
    missing.set(text, { field: text, why: answer.absent });
    return true;
  };
  const hasAll = (subjects: readonly Subject[]): boolean => subjects.flatMap(fieldsOf).filter(absent).length === 0;
  const reduce = (node: Condition): Condition => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const reduced = 'subject' in node && isMetByAbsence(node) ? node : reduceNode(node);
    done.set(node, reduced);
    return reduced;
  };
  const reduceNode = (node: Condition): Condition => {
    switch (node.kind) {
      case 'all':
        return allOf(node.of.map(reduce));
      case 'any':
        return anyOf(node.of.map(reduce));
      case 'one': {
        const of = node.of.map(reduce).filter((member) => member.kind !== 'never');
        return of.length === 0 ? never : { kind: 'one', of };
      }
      case 'not':
        return not(reduce(node.of));
      case 'always':
      case 'never':
        return node;
      case 'fields':
        return hasAll([node.subject, node.right]) ? node : never;
      case 'exists':
      case 'text':
      case 'glob':
      case 'regex':
      case 'path':
      case 'number':
      case 'network':
      case 'bytes':
        return hasAll([node.subject]) ? node : never;
    }
  };
  return { condition: reduce(condition), missing: [...missing.values()] };
}

function fieldsOf(subject: Subject): FieldReference[] {
  if (subject.kind === 'field') return [subject.field];
  return subject.kind === 'transform' ? subject.of.flatMap(fieldsOf) : [];
}

/** What is missing where least is: in the kind of event that comes nearest to what a rule needs. */
export function fewest(lists: readonly (readonly MissingField[])[]): readonly MissingField[] {
  return lists.reduce<readonly MissingField[]>(
    (least, list, index) => (index === 0 || list.length < least.length ? list : least),
    [],
  );
}
