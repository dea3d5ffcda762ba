import { FilterError } from '../../../src/detect/rules/falco/filter/ast.ts';
import { parseFilter } from '../../../src/detect/rules/falco/filter/parser.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll, readCases } from './falco-cases/read.ts';

/** Conditions that the filter parser takes or refuses, also padded and with other blanks. */
interface ParserCase {
  readonly test: string;
  readonly filter: string;
  readonly ok: boolean;
  readonly message?: string;
  readonly whitespace_variants?: boolean;
}

/** Nesting that a plain filter may have. */
const filterDepth = 100;

function variants({ filter, ok, whitespace_variants: has }: ParserCase): readonly string[] {
  const padded = `  ${filter}  `;
  const others = [padded, padded.replaceAll(' ', '\n'), padded.replaceAll(' ', '\t')];
  return ok && has === true ? [filter, ...others] : [filter];
}

function difference(value: ParserCase): { got: string; want: string } | undefined {
  for (const text of variants(value)) {
    const fault = faultOf(text);
    if ((fault === undefined) !== value.ok) {
      return { got: fault ?? 'accepted', want: value.ok ? `accepted: ${JSON.stringify(text)}` : 'refused' };
    }
    if (value.message !== undefined && fault !== value.message) return { got: String(fault), want: value.message };
  }
  return undefined;
}

function faultOf(text: string): string | undefined {
  try {
    parseFilter(text, filterDepth);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.message;
    throw error;
  }
}

export const suite: Suite = {
  id: 'falco/filter-parser',
  run(corpus): Promise<SuiteResult> {
    const cases = readCases<ParserCase>(corpus, 'filter_parser.json');
    return Promise.resolve(judgeAll(cases, ({ test, filter }) => `${test} ${filter}`, difference));
  },
};
