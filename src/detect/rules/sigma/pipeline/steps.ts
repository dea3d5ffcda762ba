import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import { isItem, type Detection, type DetectionItem } from '../model.ts';
import { textOf } from '../read/attributes.ts';
import { readConditions, type Conditions } from './conditions.ts';
import { fieldTransformations } from './fields.ts';
import { hashTransformations } from './hashes.ts';
import { placeholderTransformations } from './placeholders.ts';
import { code, needText } from './read.ts';
import type { Processed } from './rule-conditions.ts';
import { ruleTransformations } from './rules.ts';
import type { PipelineState } from './state.ts';
import type { ReadTransformation, TransformContext, Transformation, Variables } from './transformation.ts';
import { valueTransformations } from './values.ts';

/** One step of a pipeline: what it does, and to what; or steps of its own that go together. */
export type Step = {
  readonly id: string | undefined;
  readonly conditions: Conditions;
} & ({ readonly transformation: Transformation } | { readonly steps: readonly Step[] });

const transformations: Readonly<Record<string, ReadTransformation>> = {
  ...fieldTransformations,
  ...hashTransformations,
  ...placeholderTransformations,
  ...ruleTransformations,
  ...valueTransformations,
};
/** What pySigma has beside these, and why it cannot be had. */
const left: Readonly<Record<string, string>> = {
  field_name_transform: 'it calls a function of Python; write the names into a "field_name_mapping"',
  query_expression_placeholders:
    'it puts text into the query of another program, and there is none; give values by "value_placeholders"',
};

/** Steps inside steps. */
const maxDepth = 20;

/** Reads a step with its conditions; its other keys belong to its transformation. */
export function readStep(map: YamlMap, variables: Variables, depth = 0): Step {
  const type = needText(map, 'type');
  const about = { id: textOf(map.entries.get('id')?.value), conditions: readConditions(map) };
  if (type === 'nest') return { ...about, steps: readNested(map, variables, depth) };
  const read = Object.hasOwn(transformations, type) ? transformations[type] : undefined;
  if (read !== undefined) return { ...about, transformation: read(map, variables) };
  const why = Object.hasOwn(left, type) ? left[type] : undefined;
  if (why !== undefined) throw new SigmaError(code, `the transformation "${type}" is not supported: ${why}`, map.at);
  const names = [...Object.keys(transformations), 'nest'].sort().join(', ');
  throw new SigmaError(code, `the transformation "${type}" is not supported; known are ${names}`, map.at);
}

function readNested(map: YamlMap, variables: Variables, depth: number): Step[] {
  const list = map.entries.get('items')?.value;
  if (list?.kind !== 'list') throw new SigmaError(code, '"items" must be a list of transformations', map.at);
  if (depth === maxDepth) throw new SigmaError(code, `more than ${maxDepth} levels of "nest"`, map.at);
  return list.items.map((item) => {
    if (item.kind !== 'map') throw new SigmaError(code, 'a transformation must be a map', item.at);
    return readStep(item, variables, depth + 1);
  });
}

/** Takes a rule or correlation through steps. Throws a `SigmaError` when one refuses it. */
export function runSteps(subject: Processed, steps: readonly Step[], state: PipelineState): Processed {
  let processed = subject;
  for (const step of steps) {
    if (!step.conditions.rule(processed, state)) continue;
    processed = 'steps' in step ? runSteps(processed, step.steps, state) : runStep(processed, step, state);
    if (step.id !== undefined) state.applied.add(step.id);
  }
  return processed;
}

function runStep(
  { document, rules }: Processed,
  { id, conditions, transformation }: Extract<Step, { readonly transformation: Transformation }>,
  state: PipelineState,
): Processed {
  const context: TransformContext = {
    isChosen: (item) => conditions.item(item, state),
    isChosenName: (name) => conditions.field(name, state),
    applied: (made, from) => {
      const ids = new Set(state.appliedTo.get(from));
      if (id !== undefined) ids.add(id);
      for (const item of made.flatMap(itemsIn)) state.appliedTo.set(item, ids);
    },
    state,
  };
  if (document.kind === 'rule') {
    const rule = transformation.rule(document, context);
    return { document: rule, rules: [rule] };
  }
  return { document: transformation.correlation?.(document, context, rules) ?? document, rules };
}

function itemsIn(part: Detection | DetectionItem): DetectionItem[] {
  return isItem(part) ? [part] : part.items.flatMap(itemsIn);
}
