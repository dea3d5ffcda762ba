import { fieldSubject, type Subject } from '../../../../match/condition/condition.ts';
import { FilterError, type ArgumentList, type Operand, type Transformed, type Value } from '../filter/ast.ts';
import { printOperand } from '../filter/print.ts';
import { fieldText, type FieldCatalog } from '../fields/catalog.ts';
import type { FieldType } from '../fields/field.ts';

/** A side of a check that is no constant: what it looks at and what it gives. */
export interface TypedOperand {
  readonly subject: Subject;
  readonly type: FieldType;
  readonly falcoType: string;
  readonly isList: boolean;
  /** Name of a plain field; undefined for a transformation. */
  readonly field: string | undefined;
}

/** Fields that look at several places, so that a check is about any of them. */
export function isAncestorField(operand: TypedOperand): boolean {
  const { field, subject } = operand;
  if (field === undefined || subject.kind !== 'field') return false;
  return /^proc\.a(?:name|exe|exepath|cmdline|pid|env)$/.test(field) && subject.field.argument === undefined;
}

/** Resolves an operand against the fields of a source. Throws `FilterError` in Falco's words. */
export function typedOperand(operand: Operand, catalog: FieldCatalog, side: 'left' | 'right'): TypedOperand {
  if (operand.kind === 'transformer') return transformed(operand, catalog, side);
  const named = catalog.find(operand.name, operand.argument);
  if (named === undefined) {
    const text = fieldText(operand.name, operand.argument);
    throw new FilterError(`filter_check called with nonexistent field ${text}`, operand.at);
  }
  const { spec, argument } = named;
  if (side === 'right' && !spec.isRightAllowed) {
    throw new FilterError(`field '${spec.name}' is not supported on the right-hand side of a comparison`, operand.at);
  }
  const { type, falcoType, isList, name } = spec;
  return { subject: fieldSubject(name, argument), type, falcoType, isList, field: name };
}

function transformed(operand: Transformed, catalog: FieldCatalog, side: 'left' | 'right'): TypedOperand {
  const [first] = operand.of;
  if (operand.name === 'val') {
    if (first?.kind !== 'field') throw new FilterError("expected a field within 'val' transformer", operand.at);
    return typedOperand(first, catalog, side);
  }
  const of = operand.of.map((argument) => argumentSubject(argument, catalog));
  return oneToOne(operand, of) ?? ofMany(operand, of);
}

const oneToOneNames = { tolower: 'lower', toupper: 'upper', b64: 'base64', basename: 'basename' } as const;

/** Transformers of each value of one argument; undefined for others. */
function oneToOne(operand: Transformed, of: readonly TypedArgument[]): TypedOperand | undefined {
  if (operand.name !== 'len' && !Object.hasOwn(oneToOneNames, operand.name)) return undefined;
  const [only, second] = of;
  if (only === undefined || second !== undefined) throw unsupported(operand);
  if (operand.name === 'len') {
    const subject: Subject = { kind: 'transform', transform: 'length', of: [only.subject] };
    return { subject, type: 'number', falcoType: 'UINT64', isList: false, field: undefined };
  }
  if (only.type !== 'text' && only.type !== 'bytes' && only.type !== 'any') throw unsupported(operand);
  const transform = oneToOneNames[operand.name as keyof typeof oneToOneNames];
  return textOperand({ kind: 'transform', transform, of: [only.subject] }, only.isList);
}

/** Transformers that make one text, or a list of options, of several arguments. */
function ofMany(operand: Transformed, of: readonly TypedArgument[]): TypedOperand {
  const subjects = of.map(({ subject }) => subject);
  if (operand.name === 'concat') return textOperand({ kind: 'transform', transform: 'concat', of: subjects }, false);
  if (of.length < 2 || (operand.name === 'getopt' && of.length > 2)) throw unsupported(operand);
  if (operand.name === 'join') return textOperand({ kind: 'transform', transform: 'join', of: subjects }, false);
  const index: Subject[] = operand.index === undefined ? [] : [{ kind: 'literal', value: operand.index }];
  const subject: Subject = { kind: 'transform', transform: 'getopt', of: [...subjects, ...index] };
  return textOperand(subject, operand.index === undefined);
}

function textOperand(subject: Subject, isList: boolean): TypedOperand {
  return { subject, type: 'text', falcoType: 'CHARBUF', isList, field: undefined };
}

function unsupported(operand: Transformed): FilterError {
  return new FilterError(
    `'${operand.name}' transformer is not supported for its arguments: ${printOperand(operand)}`,
    operand.at,
  );
}

interface TypedArgument {
  readonly subject: Subject;
  readonly type: FieldType;
  readonly isList: boolean;
}

function argumentSubject(argument: Operand | Value | ArgumentList, catalog: FieldCatalog): TypedArgument {
  if (argument.kind === 'value') {
    return { subject: { kind: 'literal', value: argument.value }, type: 'text', isList: false };
  }
  if (argument.kind === 'arguments') {
    const of = argument.of.map((member) => argumentSubject(member, catalog).subject);
    return { subject: { kind: 'transform', transform: 'list', of }, type: 'text', isList: true };
  }
  const operand = typedOperand(argument, catalog, 'left');
  if (argument.kind === 'field' && catalog.find(argument.name, argument.argument)?.spec.isTransformable === false) {
    throw new FilterError(`field '${argument.name}' does not support transformers`, argument.at);
  }
  return operand;
}
