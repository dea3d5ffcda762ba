import type { Context, ESTree, Reference } from '@oxlint/plugins';

/** Places where a file uses the global `name` as a value: bare, or as a member of `globalThis`. A local of that name is none. */
export function findGlobalUses(context: Context, name: string): ESTree.Node[] {
  const own = globalReferences(context, name).map((reference) => reference.identifier as ESTree.Node);
  const throughGlobalThis = globalReferences(context, 'globalThis')
    .map((reference) => (reference.identifier as ESTree.Node).parent)
    .filter((parent) => parent?.type === 'MemberExpression' && memberName(parent) === name);
  return [...own, ...throughGlobalThis.filter((node) => node !== null)];
}

function globalReferences(context: Context, name: string): Reference[] {
  const scope = context.sourceCode.scopeManager.globalScope;
  if (scope === null) return [];
  const variable = scope.set.get(name);
  const declared = variable !== undefined && variable.defs.length === 0 ? variable.references : [];
  const undeclared = scope.through.filter((reference) => reference.identifier.name === name);
  return [...new Set([...declared, ...undeclared])].filter((reference) => !isType(reference.identifier as ESTree.Node));
}

/** A name in a type (`pattern: RegExp`) uses nothing when the program runs. */
function isType(node: ESTree.Node): boolean {
  return node.parent?.type.startsWith('TS') === true && !node.parent.type.endsWith('Expression');
}

function memberName(node: ESTree.MemberExpression): string | undefined {
  if (node.property.type === 'Identifier' && !node.computed) return node.property.name;
  return node.property.type === 'Literal' ? String(node.property.value) : undefined;
}
