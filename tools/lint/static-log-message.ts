import { defineRule, type ESTree } from '@oxlint/plugins';

const methods = new Set(['debug', 'info', 'warn', 'error']);

/** Log messages are counted by their text, so the text must not vary: one string literal, values in the fields before it. */
export const staticLogMessage = defineRule({
  create: (context) => ({
    CallExpression(node) {
      if (!isLoggerMethod(node.callee)) return;
      const message = node.arguments[1] ?? node.arguments[0];
      if (message === undefined || (message.type === 'Literal' && typeof message.value === 'string')) return;
      context.report({
        node: message,
        message: 'Keep the log message one string literal and put values into the fields.',
      });
    },
  }),
});

/** `logger.warn`, `context.logger.warn`, `this.#logger.warn`. */
function isLoggerMethod(callee: ESTree.Expression): boolean {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  return methods.has(callee.property.name) && nameOf(callee.object) === 'logger';
}

function nameOf(object: ESTree.Expression | ESTree.Super): string | undefined {
  if (object.type === 'Identifier') return object.name;
  if (object.type !== 'MemberExpression') return undefined;
  const { property } = object;
  return property.type === 'Identifier' || property.type === 'PrivateIdentifier' ? property.name : undefined;
}
