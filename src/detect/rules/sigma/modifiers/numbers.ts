import type { Comparison, TimePart } from '../model.ts';
import type { ValueModifier } from './modifier.ts';

function compare(operator: Comparison): ValueModifier {
  return {
    number: (value) => ({ type: 'compare', operator, value: value.value }),
    time: (value) => ({ ...value, operator }),
  };
}

export const lt = compare('lt');
export const lte = compare('lte');
export const gt = compare('gt');
export const gte = compare('gte');

/** The number of the minute, hour … of the field's time, as that time is written: time zones are not converted. */
export function timePart(part: TimePart): ValueModifier {
  return { number: (value) => ({ type: 'time', part, operator: 'eq', value: value.value }) };
}
