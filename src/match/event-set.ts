import type { Condition, FieldReference } from './condition/condition.ts';
import { isAbsent, type StreamField } from './condition/resolver.ts';
import { compileRuleSet, type RuleSet } from './condition/stream/rule-set.ts';
import { eventFormat } from './event-format.ts';
import type { RecordFormat } from './record-stream.ts';
import type { Platform, PlatformIndex } from './row-format.ts';

/** What is asked of events of a kind. */
export interface EventQuestion {
  readonly kind: string;
  /** Undefined: both. */
  readonly platform?: Platform | undefined;
  readonly condition: Condition;
}

/** Many questions over records that have the fields of our events. */
export interface EventSet<R> {
  /** Places of those whose question holds, ascending and each once; good until the next call. */
  match(record: R): readonly number[];
}

/** A question, and the place of whoever asks it. */
interface Asked {
  readonly place: number;
  readonly question: EventQuestion;
}

/** Compiles what rules ask of all kinds, one set for each kind and platform. A set is made when its first record comes. */
export function compileEventSet<R>(
  rules: readonly { readonly questions: readonly EventQuestion[] }[],
  format: RecordFormat<R>,
): EventSet<R> {
  const sets = new Map<string, EventSet<R>>();
  const asked = rules.flatMap(({ questions }, place) => questions.map((question) => ({ place, question })));
  return {
    match: (record) => {
      const kind = format.type(record);
      let set = sets.get(kind);
      if (set === undefined) {
        set = compileSides(
          asked.filter(({ question }) => question.kind === kind),
          format,
          eventFormat.index,
        );
        sets.set(kind, set);
      }
      return set.match(record);
    },
  };
}

/** The same for records of one kind: each rule with all that it asks of it. */
export function compileKindSet<R>(
  rules: readonly (readonly EventQuestion[])[],
  format: RecordFormat<R>,
  index: PlatformIndex,
): EventSet<R> {
  return compileSides(
    rules.flatMap((questions, place) => questions.map((question) => ({ place, question }))),
    format,
    index,
  );
}

function compileSides<R>(asked: readonly Asked[], format: RecordFormat<R>, index: PlatformIndex): EventSet<R> {
  const dataset = format.resolver.field({ name: 'event_dataset' });
  const sides = new Map<Platform, Part<R> | undefined>();
  return {
    match: (record) => {
      const side = sideOf(record, dataset);
      if (!sides.has(side)) sides.set(side, compilePart(asked, format, side, index[side]));
      const part = sides.get(side);
      return part === undefined ? none : placesOf(part, record);
    },
  };
}

const none: readonly number[] = [];

function sideOf<R>(record: R, dataset: StreamField<R> | { readonly absent: string }): Platform {
  const value = isAbsent(dataset) ? undefined : dataset.get(record);
  return typeof value === 'string' && value.startsWith('windows') ? 'windows' : 'other';
}

interface Part<R> {
  readonly set: RuleSet<R>;
  /** Place of whoever asks, by place in the set. */
  readonly places: readonly number[];
}

function compilePart<R>(
  asked: readonly Asked[],
  format: RecordFormat<R>,
  side: Platform,
  discriminators: readonly FieldReference[],
): Part<R> | undefined {
  const own = asked.filter(({ question: { platform } }) => (platform ?? side) === side);
  if (own.length === 0) return undefined;
  const conditions = own.map(({ question }) => question.condition);
  const set = compileRuleSet(conditions, format.resolver, { discriminators });
  return { set, places: own.map(({ place }) => place) };
}

/** Places stand in order, so that a rule with two questions about one kind is next to itself. */
function placesOf<R>({ set, places }: Part<R>, record: R): readonly number[] {
  const hits = set.match(record);
  if (hits.length === 0) return none;
  const found: number[] = [];
  for (const hit of hits) {
    const place = places[hit];
    if (place !== undefined && place !== found.at(-1)) found.push(place);
  }
  return found;
}
