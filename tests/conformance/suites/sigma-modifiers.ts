import { isDeepStrictEqual } from 'node:util';
import { readYaml } from '../../../src/base/yaml-tree.ts';
import { SigmaError } from '../../../src/detect/rules/sigma/error.ts';
import type { SigmaValue, StringPart } from '../../../src/detect/rules/sigma/model.ts';
import { readItem } from '../../../src/detect/rules/sigma/read/detection.ts';
import type { Suite, SuiteFailure } from '../suite.ts';
import { readJsonFiles } from './sigma-cases/archive.ts';
import { base64Core } from './sigma-cases/base64-core.ts';

/**
 * Values after their modifiers, as pySigma has them. Left aside is only how a network is written out in wildcards, which
 * is a matter of backends. Where pySigma leaves the specification, the specification counts: it does not know
 * `utf16le`, puts a mark of UTF-8 before `utf16`, and cuts Base64 by the number of characters, not of bytes.
 */
interface Case {
  readonly key: string;
  readonly value: unknown;
  readonly error?: string;
  readonly [answer: string]: unknown;
}

const flagNames = { ignoreCase: 'IGNORECASE', isDotAll: 'DOTALL', isMultiline: 'MULTILINE' } as const;

function part(piece: StringPart): unknown {
  if (typeof piece === 'object' && 'placeholder' in piece) return { wild: `placeholder:${piece.placeholder}` };
  return piece;
}

function projected(value: SigmaValue): unknown {
  switch (value.type) {
    case 'string':
      return { type: value.isCased ? 'cased' : 'string', parts: value.parts.map(part) };
    case 'number':
      return { type: 'num', n: value.value };
    case 'boolean':
      return { type: 'bool', v: value.value };
    case 'null':
      return { type: 'null' };
    case 'regex': {
      const flags = (Object.keys(flagNames) as (keyof typeof flagNames)[]).filter((flag) => value[flag]);
      return { type: 're', regex: value.pattern, flags: flags.map((flag) => flagNames[flag]).sort() };
    }
    case 'cidr':
      return { type: 'cidr', cidr: value.cidr };
    case 'compare':
      return { type: 'cmp', op: value.operator.toUpperCase(), n: value.value };
    case 'time':
      return { type: 'time', part: value.part.toUpperCase(), n: value.value };
    case 'exists':
      return { type: 'exists', v: value.value };
    case 'fieldref': {
      const isAnywhere = value.mode === 'contains';
      const [startswith, endswith] = [
        isAnywhere || value.mode === 'startswith',
        isAnywhere || value.mode === 'endswith',
      ];
      return { type: 'ref', field: value.field, startswith, endswith };
    }
    case 'or':
      return { type: 'or', values: value.values.map(projected) };
  }
}

function ours(test: Case): unknown {
  const [document] = readYaml(JSON.stringify({ [test.key]: test.value }));
  const root = document !== undefined && 'root' in document ? document.root : undefined;
  const entry = root?.kind === 'map' ? root.entries.get(test.key) : undefined;
  if (entry === undefined) throw new Error(`no entry for ${test.key}`);
  try {
    const item = readItem(entry);
    return {
      field: item.field,
      link: item.link.toUpperCase(),
      negated: item.isNegated,
      values: item.values.map(projected),
    };
  } catch (error) {
    if (error instanceof SigmaError) return { error: error.code };
    throw error;
  }
}

function wanted(test: Case): unknown {
  const bySpecification = encodedText(test);
  if (bySpecification !== undefined) {
    return { field: test['field'] ?? 'f', link: 'OR', negated: false, values: bySpecification };
  }
  if (test.error !== undefined) return { error: test.error };
  const values = (test['values'] as readonly Record<string, unknown>[]).map(({ expand: _backends, ...rest }) => rest);
  return { field: test['field'], link: test['link'], negated: test['negated'], values };
}

/** What the specification wants of the encodings that pySigma has otherwise; undefined for all other cases. */
function encodedText(test: Case): unknown[] | undefined {
  const [, ...modifiers] = test.key.split('|');
  const { value } = test;
  if (typeof value !== 'string' || /[*?\\]/.test(value)) return undefined;
  const has = (name: string): boolean => modifiers.includes(name);
  const isUtf16 = has('utf16') || has('utf16le');
  const isCutByCharacters = has('base64offset') && Buffer.byteLength(value) !== value.length;
  const isEncoded = has('base64') || has('base64offset');
  if (!isEncoded || (!isUtf16 && !isCutByCharacters)) return undefined;
  const wide = Buffer.from(value, isUtf16 || has('wide') ? 'utf16le' : 'utf8');
  const bytes = has('utf16') ? Buffer.concat([Buffer.from([0xff, 0xfe]), wide]) : wide;
  const around = has('contains') ? [{ wild: '*' }] : [];
  const asValue = (text: string): unknown => ({ type: 'string', parts: [...around, text, ...around] });
  if (has('base64')) return [asValue(bytes.toString('base64'))];
  return [{ type: 'or', values: [0, 1, 2].map((shift) => asValue(base64Core(bytes, shift))) }];
}

export const suite: Suite = {
  id: 'sigma/modifiers',
  run(corpus) {
    const cases = readJsonFiles(corpus, 'host/sigma/modifier-expansion*.json').flat() as Case[];
    const failed: SuiteFailure[] = [];
    for (const test of cases) {
      const [got, want] = [ours(test), wanted(test)];
      if (isDeepStrictEqual(got, want)) continue;
      const name = `${test.key}: ${JSON.stringify(test.value)}`;
      failed.push({ case: name, got: JSON.stringify(got), want: JSON.stringify(want) });
    }
    return Promise.resolve({ total: cases.length, passed: cases.length - failed.length, skipped: 0, failed });
  },
};
