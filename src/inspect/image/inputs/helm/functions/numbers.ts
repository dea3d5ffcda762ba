import type { Value } from '../value.ts';
import { numberOf, table, type Arguments } from './arguments.ts';

const fold = (combine: (a: number, b: number) => number) => (args: Arguments) => {
  const [first = 0, ...rest] = args.all.map((value) => Math.trunc(numberOf(value)));
  return rest.reduce(combine, first);
};
const divide = (a: number, b: number): number => {
  if (b === 0) throw new Error('division by zero');
  return Math.trunc(a / b);
};
const whole = (args: Arguments): Value => Math.trunc(args.number(0));

/** Sprig's functions on numbers: whole ones, unless the name says otherwise. */
export const numberFunctions = table({
  add: fold((a, b) => a + b),
  add1: (args) => Math.trunc(args.number(0)) + 1,
  sub: fold((a, b) => a - b),
  mul: fold((a, b) => a * b),
  div: fold(divide),
  mod: fold((a, b) => a - divide(a, b) * b),
  max: fold(Math.max),
  min: fold(Math.min),
  addf: (args) => args.all.map(numberOf).reduce((a, b) => a + b, 0),
  mulf: (args) => args.all.map(numberOf).reduce((a, b) => a * b, 1),
  int: whole,
  int64: whole,
  atoi: whole,
  float64: (args) => args.number(0),
  ceil: (args) => Math.ceil(args.number(0)),
  floor: (args) => Math.floor(args.number(0)),
  round: (args) => Math.round(args.number(0) * 10 ** Math.min(args.number(1), 15)) / 10 ** Math.min(args.number(1), 15),
});
