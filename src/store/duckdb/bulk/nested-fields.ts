import type { Mapping } from '../../../events/mapping.ts';
import { takenPaths } from '../../../events/readers.ts';
import { stageLineKey } from '../../store.ts';
import { literal, type Fragment } from './fragment.ts';
import type { JsonPath, TopValue } from './nested-paths.ts';
import { isUnclean, isWhole, restBelow, withoutNothing } from './nested-rest.ts';
import { objectOf } from './rows.ts';
import { stage, type Stages } from './stages.ts';

/** A key on top of the lines that is known, with the paths that begin there; none for one that is not read. */
export interface Top extends TopValue {
  readonly paths: readonly JsonPath[];
}

interface Lines {
  readonly mapping: Mapping;
  readonly tops: ReadonlyMap<string, Top>;
  /** All paths of the mapping, those with unknown keys too. */
  readonly named: readonly JsonPath[];
  readonly stages: Stages;
}

/** `fields`: what is left or kept below the known keys, and whatever has a key that nobody knew. */
export function jsonFields(lines: Lines, kept: ReadonlyMap<string, string>): Fragment {
  const taken = new Set(takenPaths(lines.mapping));
  const members: string[] = [];
  const irregular: string[] = [];
  for (const [key, top] of lines.tops) {
    const takenHere = top.paths.filter(({ path }) => taken.has(path));
    const rest = takenHere.length > 0 ? restBelow(takenHere, top, lines.stages) : restOf(top.json, lines);
    const whole = takenHere.find(isWhole);
    const condition = whole === undefined ? undefined : kept.get(whole.path);
    const json = condition === undefined ? rest.sql : `CASE WHEN ${condition} THEN ${top.json} END`;
    if (json !== 'NULL') members.push(`${literal(`${JSON.stringify(key)}:`)} || ${json}`);
    irregular.push(...rest.irregular);
    // What stays inside an object or list is put together by the row decoder.
    irregular.push(...takenHere.flatMap(({ path }) => (path === whole?.path ? [] : (kept.get(path) ?? []))));
  }
  const unknown = unknownMembers(lines);
  return { sql: objectOf([...members, unknown.sql]), irregular: [...irregular, ...unknown.irregular] };
}

/** A known value that no path leads to. */
function restOf(json: string, { stages }: Lines): Fragment {
  const isObject = `starts_with(${json}, '{')`;
  const odd = `CASE WHEN ${json} IS NULL OR starts_with(${json}, '"') THEN FALSE ELSE ${oddNumbers(json)} END`;
  const rest = stages.add(
    stage.rest,
    `CASE WHEN ${isObject} THEN nullif(${withoutNothing(json)}, '{}') ELSE ${json} END`,
  );
  return { sql: rest, irregular: [odd, `${isObject} AND ${isUnclean(rest)}`] };
}

/** Numbers that no double holds, which the row decoder keeps as text or loses, and words that DuckDB takes for numbers. */
function oddNumbers(json: string): string {
  return `regexp_matches(${json}, '(?:^|[^0-9.])(?:9[0-9]{15}|[0-9]{17})|[0-9][eE][+]?[0-9]{3}|NaN|Infinity')`;
}

/** Members with keys that are not known, as text between the braces; the line is read again only for them. */
function unknownMembers({ tops, named, stages }: Lines): Fragment {
  const known = [...tops.values()].map(({ json }) => `(${json} IS NOT NULL)::INTEGER`);
  const patch = JSON.stringify(Object.fromEntries([stageLineKey, ...tops.keys()].map((key) => [key, null])));
  const isAllKnown = `key_count = ${['1', ...known].join(' + ')}`;
  const rest = stages.add(
    stage.rest,
    `CASE WHEN ${isAllKnown} THEN NULL ELSE json_merge_patch(line, ${literal(patch)})::VARCHAR END`,
  );
  const clean = stages.add(stage.cleanRest, withoutNothing(rest));
  const unread = [...new Set(named.map(({ top }) => top))].filter((top) => !tops.has(top));
  const odd = [
    oddNumbers(rest),
    isUnclean(clean),
    // A key twice; a key that the mapping reads and the plan did not expect.
    'len(list_distinct(json_keys(line))) <> key_count',
    ...unread.map((key) => `contains(${rest}, ${literal(`${JSON.stringify(key)}:`)})`),
  ];
  const isOdd = odd.map((part) => `(${part})`).join(' OR ');
  return {
    sql: `nullif(${clean}[2:-2], '')`,
    irregular: [`CASE WHEN ${rest} IS NULL THEN FALSE ELSE ${isOdd} END`],
  };
}
