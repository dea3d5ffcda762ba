import type { Condition, FieldReference } from '../src/match/condition/condition.ts';
import type { StreamResolver } from '../src/match/condition/resolver.ts';
import { compileCondition, compileRuleSet } from '../src/match/condition/stream/rule-set.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { makeProcessRules, makeProcessStarts, processStartFields } from './data/process-starts.ts';
import { makeRules, makeSyscalls, syscallFields } from './data/syscalls.ts';

const runs = 3;
/** The peer is slow and runs over this part of the records. */
const peerPart = 40;

/** Many rules as one set, over system calls and over process starts; beside each rule on its own, tried one after another. */
export const bench: Bench = {
  id: 'conditions',
  async run(): Promise<readonly BenchResult[]> {
    const calls = { records: makeSyscalls(200_000), fields: syscallFields, index: [{ name: 'evt.type' }] };
    const starts = { records: makeProcessStarts(40_000), fields: processStartFields, index: [] };
    return [
      await benchRules('syscalls-90', makeRules(90), calls),
      await benchRules('syscalls-300', makeRules(300), calls),
      await benchRules('process-starts-1400', makeProcessRules(1400), starts),
    ];
  },
};

interface Input<R> {
  readonly records: readonly R[];
  readonly fields: StreamResolver<R>;
  readonly index: readonly FieldReference[];
}

async function benchRules<R>(
  name: string,
  rules: readonly Condition[],
  { records, fields, index }: Input<R>,
): Promise<BenchResult> {
  const set = compileRuleSet(rules, fields, { discriminators: index });
  const alone = rules.map((rule) => compileCondition(rule, fields).test);
  const few = records.slice(0, records.length / peerPart);
  const inSet = (some: readonly R[]): number => some.reduce((sum, record) => sum + set.match(record).length, 0);
  const byItself = (): number =>
    few.reduce((sum, record) => sum + alone.reduce((hits, test) => hits + (test(record) ? 1 : 0), 0), 0);
  if (inSet(few) !== byItself() || inSet(records) === 0) throw new Error('the set and the single rules do not agree');
  const [ours, peer]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => void inSet(records)));
    peer.push((await cpuSeconds(() => void byItself())) * peerPart);
  }
  const seconds = median(ours);
  return {
    id: `conditions/${name}`,
    value: records.length / seconds,
    unit: 'events/CPU-s',
    peer: 'each rule by itself',
    ratio: median(peer) / seconds,
    cpu_s: seconds,
    runs,
  };
}
