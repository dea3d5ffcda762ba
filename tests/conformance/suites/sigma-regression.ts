import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { silentLogger } from '../../../src/base/logger.ts';
import { contentStart, type Source } from '../../../src/collect/source.ts';
import { sources } from '../../../src/collect/sources/registry.generated.ts';
import { collectSigma } from '../../../src/detect/rules/sigma/collection.ts';
import { ruleId } from '../../../src/detect/rules/sigma/origin.ts';
import { planRule } from '../../../src/detect/rules/sigma/run/plan.ts';
import type { EventRow } from '../../../src/events/event.ts';
import { eventFormat } from '../../../src/match/event-format.ts';
import { compileEventSet, type EventSet } from '../../../src/match/event-set.ts';
import type { Suite, SuiteFailure, SuiteSkip } from '../suite.ts';
import { readArchives, readJsonFiles } from './sigma-cases/archive.ts';

/**
 * SigmaHQ's own regression tests: an event log for a rule that must fire on it. All rules run at once on the events that
 * our source makes of the log; the rule's hits are counted, and every event's matches are compared with what an
 * evaluator of pySigma's trees found.
 */
interface Expected {
  readonly cases: readonly {
    readonly dir: string;
    readonly rule_id: string;
    readonly match_count_min: number | null;
    readonly events: readonly { readonly index: number; readonly matched_rules: readonly string[] }[];
  }[];
}

async function eventsOf(name: string, bytes: Buffer): Promise<EventRow[]> {
  const list: readonly Source[] = Object.values(sources);
  const source = list.find((one) => one.detect(name, bytes.subarray(0, 65_536)) === 'certain');
  if (source === undefined) throw new Error(`no source reads ${name}`);
  const content = (async function* () {
    yield await Promise.resolve(bytes);
  })();
  const context = { name, start: contentStart, growing: false, logger: silentLogger };
  const events: EventRow[] = [];
  for await (const batch of source.decode(content, context)) events.push(...(batch.events as readonly EventRow[]));
  return events;
}

interface Rules {
  readonly set: EventSet<EventRow>;
  readonly ids: readonly string[];
}

async function readRules(corpus: string): Promise<Rules> {
  const archive = await readArchives(corpus, 'host/sigma/sigmahq-rules-*.tar.gz');
  const files = [...archive]
    .filter(([name]) => name.endsWith('.yml'))
    .map(([path, bytes]) => ({ path, text: bytes.toString('utf8') }));
  const { rules } = collectSigma(files);
  const plans = rules.map(({ document }) => planRule(document));
  return { set: compileEventSet(plans, eventFormat), ids: rules.map(({ document }) => ruleId(document)) };
}

export const suite: Suite = {
  id: 'sigma/regression',
  async run(corpus) {
    const logs = await readArchives(corpus, 'host/sigma/regression-evtx-*.tar.gz');
    const cases = readJsonFiles(corpus, 'host/sigma/regression-expected-*.json').flatMap(
      (file) => (file as Expected).cases,
    );
    const rules = await readRules(corpus);
    const known = new Set(rules.ids);
    const failed: SuiteFailure[] = [];
    const skips: SuiteSkip[] = [];
    for (const { dir, rule_id: id, match_count_min: least, events: wanted } of cases) {
      const [log] = [...logs].filter(([name]) => name.startsWith(`${dir}/`) && name.endsWith('.evtx'));
      if (log === undefined || least === null || !known.has(id)) {
        const others = [...logs.keys()].filter((name) => name.startsWith(`${dir}/`)).map((name) => basename(name));
        skips.push({
          case: dir,
          why: whyNot(id, { hasLog: log !== undefined, least, isKnown: known.has(id), others }),
        });
        continue;
      }
      const matches = (await eventsOf(...log)).map((event) =>
        rules.set.match(event).map((rule) => rules.ids[rule] ?? ''),
      );
      const hits = matches.filter((ids) => ids.includes(id)).length;
      if (hits < least) failed.push({ case: dir, got: `${hits} hits of ${id}`, want: `${least}` });
      else {
        const got = matches.map((ids) => [...ids].sort((a, b) => (a < b ? -1 : 1)));
        const want = wanted.map((event) =>
          event.matched_rules.filter((rule) => known.has(rule)).sort((a, b) => (a < b ? -1 : 1)),
        );
        const place = got.findIndex((ids, index) => !isDeepStrictEqual(ids, want[index] ?? []));
        if (place < 0) continue;
        failed.push({ case: `${dir} event ${place}`, got: String(got[place]), want: String(want[place]) });
      }
    }
    const skipped = skips.length;
    return { total: cases.length, passed: cases.length - skipped - failed.length, skipped, failed, skips };
  },
};

interface Lack {
  readonly hasLog: boolean;
  readonly least: number | null;
  readonly isKnown: boolean;
  /** What stands there. */
  readonly others: readonly string[];
}

function whyNot(id: string, { hasLog, least, isKnown, others }: Lack): string {
  return [
    ...(hasLog ? [] : [`it has no event log of Windows (${others.join(', ')})`]),
    ...(least === null ? ['it does not say how often its rule must fire'] : []),
    ...(isKnown ? [] : [`the rule ${id} is not there`]),
  ].join('; ');
}
