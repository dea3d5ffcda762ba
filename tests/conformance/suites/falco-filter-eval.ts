import { compileCondition } from '../../../src/match/condition/stream/rule-set.ts';
import type { StreamResolver, StreamValue } from '../../../src/match/condition/resolver.ts';
import { compileFilter } from '../../../src/detect/rules/falco/compile/compile.ts';
import { FilterError } from '../../../src/detect/rules/falco/filter/ast.ts';
import { parseFilter } from '../../../src/detect/rules/falco/filter/parser.ts';
import { catalogOf } from '../../../src/detect/rules/falco/fields/sources.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll, readCases } from './falco-cases/read.ts';

/** Events as maps of fields, and whether a filter matches them, from the unit tests of Falco's libraries. */
interface EvalCase {
  readonly event: Readonly<Record<string, unknown>>;
  readonly filter: string;
  readonly match: boolean;
}

/** Fields that a filter names and an event tells under others: both ends of a connection, all ancestors. */
const derived: Readonly<Record<string, readonly string[]>> = {
  'fd.ip': ['fd.cip', 'fd.sip'],
  'fd.net': ['fd.cip', 'fd.sip'],
  'fd.port': ['fd.cport', 'fd.sport'],
  'fd.cnet': ['fd.cip'],
  'fd.snet': ['fd.sip'],
  'fd.lnet': ['fd.lip'],
  'fd.rnet': ['fd.rip'],
};

type Event = EvalCase['event'];

const resolver: StreamResolver<Event> = {
  field: ({ name, argument }) => ({ type: 'any', get: (event) => valueOf(event, name, argument) }),
  allFields: () => ({ absent: 'a filter names its fields' }),
};

function valueOf(event: Event, name: string, argument: string | undefined): StreamValue {
  if (name === 'proc.aname') {
    const ancestors = event['proc.ancestors'] as readonly string[] | undefined;
    if (argument === undefined) return ancestors;
    return argument === '0' ? (event['proc.name'] as string) : ancestors?.[Number(argument) - 1];
  }
  const value = event[argument === undefined ? name : `${name}[${argument}]`] ?? event[`${name}.${argument}`];
  if (value !== undefined) return plain(value);
  return derived[name]?.flatMap((other) => (event[other] === undefined ? [] : [event[other] as string | number]));
}

function plain(value: unknown): StreamValue {
  const hex = typeof value === 'object' && value !== null ? (value as { hex?: string }).hex : undefined;
  return hex === undefined ? (value as StreamValue) : Buffer.from(hex, 'hex');
}

function difference({ event, filter, match }: EvalCase): { got: string; want: string } | undefined {
  try {
    const { condition } = compileFilter(parseFilter(filter), catalogOf('syscall'));
    const got = compileCondition(condition, resolver).test(event);
    return got === match ? undefined : { got: String(got), want: String(match) };
  } catch (error) {
    if (error instanceof FilterError) return { got: error.message, want: String(match) };
    throw error;
  }
}

export const suite: Suite = {
  id: 'falco/filter-eval',
  run(corpus): Promise<SuiteResult> {
    return Promise.resolve(
      judgeAll(readCases<EvalCase>(corpus, 'filter_eval.json'), ({ filter }) => filter, difference),
    );
  },
};
