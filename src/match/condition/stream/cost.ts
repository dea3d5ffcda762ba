import type { FieldTest } from '../condition.ts';
import type { Node } from './intern.ts';

const costs = new WeakMap<Node, number>();

/** Rough cost of evaluating a node, in units of a comparison: members of a group run from cheap to dear. */
export function costOf(node: Node): number {
  let cost = costs.get(node);
  if (cost === undefined) {
    cost = nodeCost(node);
    costs.set(node, cost);
  }
  return cost;
}

function nodeCost(node: Node): number {
  switch (node.kind) {
    case 'always':
    case 'never':
      return 0;
    case 'not':
      return costOf(node.of);
    case 'test':
      return testCost(node.test);
    case 'all':
    case 'any':
    case 'one': {
      // A group stops early, so that its members beyond the first weigh less.
      const sum = node.of.reduce((total, member) => total + costOf(member), 0);
      return 1 + Math.min(...node.of.slice(0, 64).map(costOf)) + sum / 4;
    }
  }
}

function testCost(test: FieldTest): number {
  const subject = test.subject.kind === 'field' ? 0 : 20;
  switch (test.kind) {
    case 'exists':
      return subject + 1;
    case 'number':
      return subject + 1;
    case 'text':
      return subject + (test.operator === 'contains' ? 4 + 2 * Math.min(test.values.length, 12) : 2);
    case 'glob':
      return subject + 8 * test.patterns.length;
    case 'network':
    case 'path':
    case 'bytes':
      return subject + 10;
    case 'fields':
      return subject + 10;
    case 'regex':
      return subject + 40;
  }
}
