import type { Check, Expression, Operand } from '../filter/ast.ts';
import type { Context } from './context.ts';
import type { FileResult } from './file-result.ts';
import { deprecatedFields } from './outputs.ts';

const unsafeNa =
  "comparing a field value with <NA> is unsafe and can lead to unpredictable behavior of the rule condition. If you need to  check for the existence of a field, consider using the 'exists' operator instead.";
const equality: ReadonlySet<string> = new Set(['==', '=', '!=', 'in', 'intersects', 'pmatch']);

/** What Falco warns of in a condition whose macros are written out: deprecated fields and comparisons with `<NA>`, each once. */
export function warnOfExpression(expression: Expression, context: Context, result: FileResult): void {
  const seen = new Set<Expression>();
  const fields = new Set<string>();
  let isUnsafe = false;
  const visit = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'and' || node.kind === 'or') node.of.forEach(visit);
    else if (node.kind === 'not') visit(node.of);
    else if (node.kind === 'exists') noteField(node.left, fields);
    else if (node.kind === 'check') {
      noteField(node.left, fields);
      isUnsafe ||= comparesNa(node);
    }
  };
  visit(expression);
  for (const field of deprecatedFields) {
    if (!fields.has(field)) continue;
    const message = `usage of deprecated field '${field}' has been detected in the rule condition`;
    result.warn('LOAD_DEPRECATED_ITEM', message, context, field);
  }
  if (isUnsafe) result.warn('LOAD_UNSAFE_NA_CHECK', unsafeNa, context);
}

function noteField(operand: Operand, fields: Set<string>): void {
  if (operand.kind === 'field') fields.add(operand.name);
}

function comparesNa({ left, operator, right }: Check): boolean {
  if (left.kind !== 'field' || !/^(?:ka|jevt)\./.test(left.name) || !equality.has(operator)) return false;
  return (
    (right.kind === 'value' && right.value === '<NA>') || (right.kind === 'values' && right.values.includes('<NA>'))
  );
}
