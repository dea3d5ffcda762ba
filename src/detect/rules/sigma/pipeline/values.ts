import { compileForeignReplacer, type ForeignReplacer, type ReplacementPart } from '../../../../base/regex.ts';
import type { YamlMap } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { SigmaValue, StringPart, StringValue } from '../model.ts';
import { splitPlaceholders } from '../modifiers/patterns.ts';
import { readMap, readText, readTexts, textOf } from '../read/attributes.ts';
import { parseString, plainString, withParts } from '../strings.ts';
import { code, isSet, needText, plainText } from './read.ts';
import { overValues, type ReadTransformation, type Transformation } from './transformation.ts';

/** A replacement may double what it matches, step after step. */
const maxText = 100_000;

/** Changes the texts of a string and leaves its wildcards. */
function overText(change: (text: string) => string): Transformation {
  return overValues((value) => (value.type === 'string' ? [withTexts(value, change)] : undefined));
}

function withTexts(value: StringValue, change: (text: string) => string): StringValue {
  return withParts(
    value,
    value.parts.map((part) => (typeof part === 'string' ? change(part) : part)),
  );
}

/** `\1`, `\g<1>`, `\g<name>`, as Python's `re.sub` reads them; any other backslash stands for what follows it. */
function readReplacement(map: YamlMap, { groups, groupCount }: ForeignReplacer): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  const text = needText(map, 'replacement');
  let from = 0;
  for (const match of text.matchAll(/\\(?:g<(?<name>\w+)>|(?<number>\d{1,2})|(?<other>[^]))/g)) {
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const { name, number, other } = match.groups ?? {};
    if (other !== undefined) parts.push(other === 'n' ? '\n' : other);
    else {
      const group = groups.get(name ?? '') ?? Number(number ?? name);
      if (!(group <= groupCount)) throw new SigmaError(code, `the pattern has no group "${match[0]}"`, map.at);
      parts.push(group);
    }
  }
  return [...parts, text.slice(from)];
}

/**
 * Matches of a pattern are replaced: in the text as it is written, wildcards included, and then read anew; or with `skip_special`
 * between the wildcards, where `interpret_special` makes new wildcards of what comes out.
 */
function replaceString(map: YamlMap): Transformation {
  const replacer = compileForeignReplacer(needText(map, 'regex'));
  if ('fault' in replacer) throw new SigmaError('SigmaRegularExpressionError', replacer.fault, map.at);
  const replacement = readReplacement(map, replacer);
  const replace = (text: string): string => {
    const replaced = replacer.replace(text.toWellFormed(), replacement);
    if (replaced.length <= maxText) return replaced;
    throw new SigmaError('SigmaTransformationError', `a replacement gives more than ${maxText} characters`, map.at);
  };
  if (isSet(map, 'skip_special')) {
    if (!isSet(map, 'interpret_special')) return overText(replace);
    const reread = (part: StringPart): readonly StringPart[] =>
      typeof part === 'string' ? parseString(replace(part)).parts : [part];
    return overValues((value) =>
      value.type === 'string' ? [withParts(value, value.parts.flatMap(reread))] : undefined,
    );
  }
  return overValues((value) => {
    const text = value.type === 'string' || value.type === 'number' ? plainText(value) : undefined;
    if (text === undefined) return undefined;
    // A backslash is plain unless it stands before a wildcard.
    const made = parseString(replace(text).replaceAll(/\\(?![*?])/g, String.raw`\\`));
    const { parts } = made;
    const hasPlaceholder =
      value.type === 'string' && value.parts.some((part) => typeof part === 'object' && 'placeholder' in part);
    const filled = hasPlaceholder
      ? parts.flatMap((part) => (typeof part === 'string' ? splitPlaceholders(part) : [part]))
      : parts;
    return [withParts(value.type === 'string' ? { ...value, original: made.original } : made, filled)];
  });
}

const regexMethods = ['plain', 'ignore_case_flag', 'ignore_case_brackets'];

/** A string as a regular expression for the same texts, found anywhere as regular expressions of Sigma are. */
function toRegex(map: YamlMap): Transformation {
  const method = readText(map, 'method', code) ?? 'ignore_case_brackets';
  if (!regexMethods.includes(method)) {
    throw new SigmaError(code, `"method" is one of ${regexMethods.join(', ')}`, map.at);
  }
  return overValues((value, item) => {
    if (value.type !== 'string' || value.parts.length === 0) return undefined;
    const pattern = value.parts.map((part) => {
      if (typeof part === 'string') return part.replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`);
      if ('wild' in part) return part.wild === '*' ? '.*' : '.';
      const message = `the placeholder "${part.placeholder}" has no values yet, and is no part of a regular expression`;
      throw new SigmaError(code, message, item.at);
    });
    // Classes like [aA] and the flag mean the same here.
    const ignoreCase = method !== 'plain';
    return [{ type: 'regex', pattern: pattern.join(''), ignoreCase, isMultiline: false, isDotAll: false }];
  });
}

function fixedValue(map: YamlMap): SigmaValue {
  const node = map.entries.get('value')?.value;
  if (node?.kind !== 'scalar') throw new SigmaError(code, '"value" is missing', map.at);
  const force = readText(map, 'force_type', code);
  if (force !== undefined && force !== 'str' && force !== 'num') {
    throw new SigmaError(code, '"force_type" is str or num', map.at);
  }
  const { value } = node;
  if (force === 'num' || (force === undefined && typeof value === 'number')) {
    const number = Number(value);
    if (!Number.isNaN(number)) return { type: 'number', value: number };
    throw new SigmaError(code, `${JSON.stringify(value)} is no number`, map.at);
  }
  if (force === undefined && value === null) return { type: 'null' };
  if (force === undefined && typeof value === 'boolean') return { type: 'boolean', value };
  return parseString(textOf(node) ?? '');
}

export const valueTransformations: Readonly<Record<string, ReadTransformation>> = {
  replace_string: replaceString,
  regex: toRegex,
  map_string: (map) => {
    const table = readMap(map, 'mapping', code);
    const mapping = new Map([...table.entries.keys()].map((key) => [key, readTexts(table, key, code)] as const));
    return overValues((value) => {
      const to = value.type === 'string' ? mapping.get(plainText(value) ?? '') : undefined;
      return to?.map(parseString);
    });
  },
  set_value: (map) => {
    const set = fixedValue(map);
    return overValues(() => [set]);
  },
  convert_type: (map) => {
    const target = needText(map, 'target_type');
    if (target !== 'str' && target !== 'num') throw new SigmaError(code, '"target_type" is str or num', map.at);
    return overValues((value) => {
      const text = plainText(value);
      if (text === undefined || (target === 'str' && value.type === 'string')) return undefined;
      if (target === 'str') return [plainString(text)];
      return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : [{ type: 'number', value: Number(text) }];
    });
  },
  case: (map) => {
    const method = readText(map, 'method', code) ?? 'lower';
    if (method !== 'lower' && method !== 'upper') throw new SigmaError(code, 'the case is lower or upper', map.at);
    return overText((text) => (method === 'lower' ? text.toLowerCase() : text.toUpperCase()));
  },
};
