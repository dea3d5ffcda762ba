import { createHash } from 'node:crypto';
import { compileForeignPattern, compileForeignReplacer } from '../../../../../base/regex.ts';
import { isTrue, toText, type Value } from '../value.ts';
import { table, type Arguments } from './arguments.ts';
import { formatText } from './format-text.ts';

const words = (text: string): string[] => text.match(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g) ?? [];
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const hash =
  (algorithm: string) =>
  (args: Arguments): Value =>
    createHash(algorithm).update(args.text(0)).digest('hex');
const indent = (args: Arguments): string => {
  const blanks = ' '.repeat(args.runtime.budget.size(args.number(0)));
  const lines = args.text(1).split('\n');
  args.runtime.budget.room(args.text(1).length + lines.length * blanks.length);
  return lines.map((line) => blanks + line).join('\n');
};
/** Lists of Go's strings: a negative length counts from the end. */
const truncate = (text: string, length: number): string => (length < 0 ? text.slice(length) : text.slice(0, length));
const quoteAll = (quote: (text: string) => string) => (args: Arguments) =>
  args.all
    .filter((value) => value !== null)
    .map((value) => quote(toText(value, args.runtime.budget)))
    .join(' ');

function matches(pattern: string, text: string): boolean {
  const compiled = compileForeignPattern(pattern);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled.test(text.toWellFormed());
}

/** `$1` and `${1}` stand for groups of the pattern. */
function replaceAll(pattern: string, text: string, replacement: string, isLiteral: boolean): string {
  const compiled = compileForeignReplacer(pattern);
  if ('fault' in compiled) throw new Error(compiled.fault);
  if (isLiteral) return compiled.replace(text.toWellFormed(), [replacement]);
  const parts = replacement.split(/(\$\{?\d+\}?)/).map((part) => {
    const group = /^\$\{?(?<number>\d+)\}?$/.exec(part)?.groups?.['number'];
    if (group === undefined) return part;
    return Number(group) <= compiled.groupCount ? Number(group) : '';
  });
  return compiled.replace(text.toWellFormed(), parts);
}

const regexMatch = (args: Arguments): Value => matches(args.text(0), args.text(1));
const regexReplaceAll = (args: Arguments): Value => replaceAll(args.text(0), args.text(1), args.text(2), false);
const regexReplaceAllLiteral = (args: Arguments): Value => replaceAll(args.text(0), args.text(1), args.text(2), true);

/** Sprig's functions on texts. */
export const stringFunctions = table({
  trim: (args) => args.text(0).trim(),
  trimAll: (args) => trimSigns(args.text(1), args.text(0)),
  trimSuffix: (args) =>
    args.text(1).endsWith(args.text(0))
      ? args.text(1).slice(0, args.text(1).length - args.text(0).length)
      : args.text(1),
  trimPrefix: (args) =>
    args.text(1).startsWith(args.text(0)) ? args.text(1).slice(args.text(0).length) : args.text(1),
  upper: (args) => args.text(0).toUpperCase(),
  lower: (args) => args.text(0).toLowerCase(),
  title: (args) => args.text(0).split(' ').map(capital).join(' '),
  untitle: (args) => args.text(0).slice(0, 1).toLowerCase() + args.text(0).slice(1),
  repeat: (args) => {
    args.runtime.budget.size(args.number(0) * (args.text(1).length + 1));
    return args.text(1).repeat(Math.max(Math.trunc(args.number(0)), 0));
  },
  substr: (args) => args.text(2).slice(Math.max(args.number(0), 0), args.number(1) < 0 ? undefined : args.number(1)),
  nospace: (args) => args.text(0).replaceAll(/\s/g, ''),
  trunc: (args) => truncate(args.text(1), args.number(0)),
  abbrev: (args) =>
    args.text(1).length <= args.number(0)
      ? args.text(1)
      : `${args.text(1).slice(0, Math.max(args.number(0) - 3, 1))}...`,
  contains: (args) => args.text(1).includes(args.text(0)),
  hasPrefix: (args) => args.text(1).startsWith(args.text(0)),
  hasSuffix: (args) => args.text(1).endsWith(args.text(0)),
  quote: quoteAll((text) => JSON.stringify(text)),
  squote: quoteAll((text) => `'${text}'`),
  cat: (args) =>
    args.all
      .filter((value) => value !== null)
      .map((value) => toText(value, args.runtime.budget))
      .join(' '),
  indent,
  nindent: (args) => `\n${indent(args)}`,
  replace: (args) => joined(args.text(2).split(args.text(0)), args.text(1), args),
  plural: (args) => (args.number(2) === 1 ? args.text(0) : args.text(1)),
  snakecase: (args) => words(args.text(0)).join('_').toLowerCase(),
  kebabcase: (args) => words(args.text(0)).join('-').toLowerCase(),
  camelcase: (args) =>
    words(args.text(0))
      .map((word) => capital(word.toLowerCase()))
      .join(''),
  initials: (args) =>
    args
      .text(0)
      .split(/\s+/)
      .map((word) => word.slice(0, 1))
      .join(''),
  regexMatch,
  mustRegexMatch: regexMatch,
  regexReplaceAll,
  mustRegexReplaceAll: regexReplaceAll,
  regexReplaceAllLiteral,
  mustRegexReplaceAllLiteral: regexReplaceAllLiteral,
  printf: (args) => formatText(args.text(0), args.all.slice(1), args.runtime.budget),
  print: (args) => args.all.map((value) => toText(value, args.runtime.budget)).join(''),
  println: (args) => `${args.all.map((value) => toText(value, args.runtime.budget)).join(' ')}\n`,
  // The annotation is needed: objects have a method of this name.
  toString: (args: Arguments) => args.text(0),
  toStrings: (args) => args.list(0).map((value) => toText(value, args.runtime.budget)),
  join: (args) => {
    const parts = joinable(args.value(1)).map((value) => toText(value, args.runtime.budget));
    return joined(parts, args.text(0), args);
  },
  splitList: (args) => args.text(1).split(args.text(0)),
  split: (args) =>
    new Map(
      args
        .text(1)
        .split(args.text(0))
        .map((part, index) => [`_${index}`, part]),
    ),
  sortAlpha: (args) =>
    args
      .list(0)
      .map((value) => toText(value, args.runtime.budget))
      .sort(),
  b64enc: (args) => Buffer.from(args.text(0)).toString('base64'),
  b64dec: (args) => Buffer.from(args.text(0), 'base64').toString(),
  sha256sum: hash('sha256'),
  sha1sum: hash('sha1'),
  sha512sum: hash('sha512'),
  urlquery: (args) => encodeURIComponent(args.text(0).toWellFormed()),
  html: (args) => args.text(0).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ternary: (args) => (isTrue(args.value(2)) ? args.value(0) : args.value(1)),
});

function joined(parts: readonly string[], between: string, { runtime }: Arguments): string {
  runtime.budget.room(parts.reduce((sum, part) => sum + part.length, 0) + parts.length * between.length);
  return parts.join(between);
}

function joinable(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return value === null ? [] : [value];
}

function trimSigns(text: string, signs: string): string {
  let [from, to] = [0, text.length];
  while (from < to && signs.includes(text.charAt(from))) from++;
  while (to > from && signs.includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}
