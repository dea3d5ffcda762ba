import { transformerNames, type Operator, type Position } from '../filter/ast.ts';
import type { FieldCatalog } from '../fields/catalog.ts';

export interface CompileWarning {
  readonly message: string;
  readonly at: Position;
}

/** What Falco suspects about a constant on the right: a field or transformer meant, a pattern that need not be one. */
export function suspicions(operator: Operator, value: string, at: Position, catalog: FieldCatalog): CompileWarning[] {
  const warnings: CompileWarning[] = [];
  const packed = value.replaceAll(/\s+/g, '');
  if (operator === 'regex' && isSimplePattern(value)) {
    const message = `regex check with '${value}' may be optimized with simpler operators such as '=', 'contains', 'startswith', 'endswith'`;
    warnings.push({ message, at });
  }
  if (packed.includes('.') && catalog.findText(packed) !== undefined) {
    warnings.push({ message: `'${value}' may be a valid field misused as a const string value`, at });
  }
  if (packed.endsWith(')') && transformerNames.some((name) => packed.startsWith(`${name}(`))) {
    warnings.push({ message: `'${value}' may be a valid field transformer misused as a const string value`, at });
  }
  return warnings;
}

/** A pattern of plain text between at most an anchor or a run of any characters at either end. */
function isSimplePattern(pattern: string): boolean {
  const inner = pattern.replace(/^\^/, '').replace(/\$$/, '');
  const core = inner.replace(/^\.[+*?]/, '').replace(/\.[+*?]$/, '');
  return !/[.+*?^$()[\]{}|\\]/.test(core);
}
