import { defineRule, type ESTree } from '@oxlint/plugins';
import { findGlobalUses } from './global-use.ts';

const message = 'Only src/base/regex.ts builds a pattern from data: use `compileForeignPattern`, or a literal.';
const methodsThatCompile = new Set(['match', 'matchAll', 'search']);

/**
 * JavaScript's expressions can take exponential time, so a pattern that comes from data goes through one door, which
 * runs RE2. `RegExp` may be named as a type and after `instanceof`; `text.match('…')` compiles its string too.
 */
export const oneDoorForPatterns = defineRule({
  create: (context) => ({
    Program() {
      for (const node of findGlobalUses(context, 'RegExp')) {
        if (!isInstanceCheck(node)) context.report({ node, message });
      }
    },
    CallExpression(node) {
      const { callee } = node;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const [pattern] = node.arguments;
      if (pattern === undefined || !methodsThatCompile.has(callee.property.name)) return;
      const isText =
        pattern.type === 'TemplateLiteral' || (pattern.type === 'Literal' && typeof pattern.value === 'string');
      if (isText) context.report({ node: pattern, message });
    },
  }),
});

function isInstanceCheck(node: ESTree.Node): boolean {
  return node.parent?.type === 'BinaryExpression' && node.parent.operator === 'instanceof';
}
