import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import {
  isItem,
  type Detection,
  type DetectionItem,
  type SigmaCorrelation,
  type SigmaRule,
  type SigmaValue,
} from '../model.ts';
import type { Processed } from './rule-conditions.ts';
import type { PipelineState } from './state.ts';

export interface TransformContext {
  /** Detection items that the conditions of the step fit. */
  isChosen(item: DetectionItem): boolean;
  /** The same for names outside of detection items. */
  isChosenName(name: string): boolean;
  /** Remembers that the step made these of another item. */
  applied(made: readonly (Detection | DetectionItem)[], from: DetectionItem): void;
  readonly state: PipelineState;
}

/** What a step of a pipeline does. Both throw a `SigmaError` to refuse. */
export interface Transformation {
  rule(rule: SigmaRule, context: TransformContext): SigmaRule;
  /** Of correlations; without it they stay as they are. `rules` are those that it refers to. */
  correlation?(correlation: SigmaCorrelation, context: TransformContext, rules: Processed['rules']): SigmaCorrelation;
}

export type Variables = ReadonlyMap<string, readonly string[]>;
export type ReadTransformation = (map: YamlMap, variables: Variables) => Transformation;

/** Alternatives and values of a rule: steps that each double them would not end. */
const maxItems = 10_000;
const maxValues = 10_000;

/** A change of detection items: the parts that stand in place of each chosen one; undefined leaves it. */
export function overItems(
  change: (item: DetectionItem) => readonly (Detection | DetectionItem)[] | undefined,
): Transformation {
  return {
    rule: (rule, context) => {
      let made = 0;
      const over = (part: Detection | DetectionItem): readonly (Detection | DetectionItem)[] => {
        if (!isItem(part)) return [{ ...part, items: part.items.flatMap(over) }];
        const parts = context.isChosen(part) ? change(part) : undefined;
        if (parts !== undefined) context.applied(parts, part);
        made += parts?.reduce((sum, one) => sum + (isItem(one) ? 1 : one.items.length), 0) ?? 1;
        if (made > maxItems) tooMany(`detection items of a rule become more than ${maxItems}`, part);
        return parts ?? [part];
      };
      const detections = [...rule.detections].map(
        ([name, detection]) => [name, { ...detection, items: detection.items.flatMap(over) }] as const,
      );
      return { ...rule, detections: new Map(detections) };
    },
  };
}

function tooMany(message: string, { at }: DetectionItem): never {
  throw new SigmaError('SigmaTransformationError', message, at);
}

/** A change of values, also of those that stand for several; undefined leaves one. */
export function overValues(
  change: (value: SigmaValue, item: DetectionItem) => readonly SigmaValue[] | undefined,
): Transformation {
  return overItems((item) => {
    let isChanged = false;
    let count = 0;
    const flat = (value: SigmaValue): readonly SigmaValue[] => {
      if (value.type === 'or') return [{ type: 'or', values: value.values.flatMap(flat) }];
      const made = change(value, item);
      isChanged ||= made !== undefined;
      count += made?.length ?? 1;
      if (count > maxValues) tooMany(`values of a detection item become more than ${maxValues}`, item);
      return made ?? [value];
    };
    const values = item.values.flatMap(flat);
    return isChanged ? [{ ...item, values }] : undefined;
  });
}
