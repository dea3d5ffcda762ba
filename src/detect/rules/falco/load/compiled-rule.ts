import type { Condition } from '../../../../match/condition/condition.ts';
import type { Expression } from '../filter/ast.ts';
import type { TypeSet } from '../fields/event-types.ts';
import type { FormatPart } from '../output/format.ts';
import type { RuleItem } from './items.ts';

/** A rule that loaded, ready to run. */
export interface CompiledRule {
  readonly item: RuleItem;
  /** The condition with lists, macros and exceptions written out. */
  readonly expression: Expression;
  readonly condition: Condition;
  /** Event types on which it can be true. */
  readonly types: TypeSet;
  readonly output: readonly FormatPart[];
  /** For `output_fields` alone, over those of the output. */
  readonly extraFields: readonly ExtraField[];
}

export interface ExtraField {
  readonly name: string;
  readonly parts: readonly FormatPart[];
  /** Whether its value is the text of the parts; else that of the one field. */
  readonly isText: boolean;
}
