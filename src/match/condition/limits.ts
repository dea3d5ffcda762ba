import { compileForeignPattern } from '../../base/regex.ts';
import type { Condition, FieldTest, Subject } from './condition.ts';

/** Deeper nesting is refused: both executions recurse. Falco's own parser stops at the same depth. */
const maxDepth = 1000;
const maxParts = 100_000;
const maxTransforms = 100;

/** Why a condition cannot be run, found without recursion; undefined when it can. Both executions rely on it. */
export function conditionFault(condition: Condition): string | undefined {
  let level: readonly Condition[] = [condition];
  let parts = 0;
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > maxDepth) return `nested deeper than ${maxDepth} levels`;
    const next: Condition[] = [];
    for (const node of level) {
      const fault = testFault(node);
      if (fault !== undefined) return fault;
      if (node.kind === 'not') next.push(node.of);
      else if ('of' in node) for (const inner of node.of) next.push(inner);
    }
    parts += next.length;
    if (parts > maxParts) return `more than ${maxParts} parts`;
    level = next;
  }
  return undefined;
}

function testFault(node: Condition): string | undefined {
  if (!isTest(node)) return undefined;
  const right = node.kind === 'fields' ? subjectFault(node.right) : undefined;
  return subjectFault(node.subject) ?? right ?? patternFault(node);
}

function isTest(node: Condition): node is FieldTest {
  return 'subject' in node;
}

function patternFault(test: FieldTest): string | undefined {
  if (test.kind !== 'regex') return undefined;
  const compiled = compileForeignPattern(test.pattern, test);
  return 'fault' in compiled ? `${compiled.fault} (at character ${compiled.at})` : undefined;
}

function subjectFault(subject: Subject): string | undefined {
  let level: readonly Subject[] = [subject];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxTransforms) return `transformers nested deeper than ${maxTransforms}`;
    level = level.flatMap((inner) => (inner.kind === 'transform' ? inner.of : []));
  }
  return undefined;
}
