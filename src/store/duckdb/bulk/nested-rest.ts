import { literal, type Fragment } from './fragment.ts';
import { entriesOrOne, treeOf, valueAt, type JsonPath, type TopValue } from './nested-paths.ts';
import { stage, type Stages } from './stages.ts';

/** What is left below a top key of a nested record when the paths are taken: the rest of an object, of a list, or nothing. */
export function restBelow(paths: readonly JsonPath[], top: TopValue, stages: Stages): Fragment {
  if (paths.some(isWhole)) return { sql: 'NULL', irregular: [] };
  const lists = listsIn(paths);
  const topList = lists.find(({ below }) => below.length === 0);
  if (topList !== undefined) return listRest(topList, top.json, stages);
  const patch = JSON.stringify(treeOf(paths.map(({ below }) => below)));
  const rest = stages.add(stage.rest, objectRest(top.json, patch));
  const { json } = top;
  const isOther = `${json} IS NOT NULL AND NOT starts_with(${json}, '{')`;
  let object: Fragment = { sql: rest, irregular: [isOther, isUnclean(rest)] };
  for (const list of lists) object = withList(object, list, valueAt(list.below, top, stages), stages);
  return object;
}

/** True for a path that takes all that stands under a top key. */
export function isWhole({ below, inside }: JsonPath): boolean {
  return below.length === 0 && inside === undefined;
}

/** A list that paths walk, and the trees of what they take inside each entry; null when they take the entries themselves. */
interface WalkedList {
  readonly below: readonly string[];
  readonly patch: string | null;
}

function listsIn(paths: readonly JsonPath[]): WalkedList[] {
  const byPlace = new Map<string, { below: readonly string[]; inside: string[][] }>();
  for (const { below, inside } of paths) {
    if (inside === undefined) continue;
    const place = JSON.stringify(below);
    const list = byPlace.get(place) ?? { below, inside: [] };
    list.inside.push(inside.map(({ key }) => key));
    byPlace.set(place, list);
  }
  return [...byPlace.values()].map(({ below, inside }) => {
    const tree = treeOf(inside);
    return { below, patch: tree === null ? null : JSON.stringify(tree) };
  });
}

/** Entries keep their places; NULL when nothing is left in any. */
function listRest({ patch }: WalkedList, json: string, stages: Stages): Fragment {
  if (patch === null) return { sql: 'NULL', irregular: [] };
  const entries = stages.add(stage.entries, entriesOrOne(json));
  const rests = stages.add(
    stage.rest,
    `list_transform(${entries}, lambda x: coalesce(${objectRest('x', patch)}, '{}'))`,
  );
  const isLeft = `len(list_filter(${rests}, lambda x: x <> '{}')) > 0`;
  return {
    sql: `CASE WHEN ${isLeft} THEN '[' || array_to_string(${rests}, ',') || ']' END`,
    irregular: [
      `len(list_filter(${entries}, lambda x: NOT starts_with(x, '{'))) > 0`,
      `${json} IS NOT NULL AND NOT starts_with(${json}, '[')`,
      `len(list_filter(${rests}, lambda x: ${isUnclean('x')})) > 0`,
    ],
  };
}

/** An object's rest with the rest of one of its lists put back. Lists that lie deeper are left to the row decoder. */
function withList(object: Fragment, list: WalkedList, json: string, stages: Stages): Fragment {
  if (list.patch === null) return object;
  const [key = '', ...deeper] = list.below;
  if (deeper.length > 0) return { sql: object.sql, irregular: [...object.irregular, `${json} IS NOT NULL`] };
  const rest = listRest(list, json, stages);
  const member = `${literal(`${JSON.stringify(key)}:`)} || ${rest.sql}`;
  const members = `concat_ws(',', (${object.sql})[2:-2], ${member})`;
  return { sql: `'{' || nullif(${members}, '') || '}'`, irregular: [...object.irregular, ...rest.irregular] };
}

/** What is left of an object after a JSON merge patch (RFC 7396); NULL when nothing is. */
function objectRest(json: string, patch: string): string {
  return `nullif(${withoutNothing(`json_merge_patch(${json}, ${literal(patch)})::VARCHAR`)}, '{}')`;
}

const empty = `"[^"\\\\]*":\\{\\}`;

/** An object's JSON without nulls and empty objects, which say nothing: `nestedLeftover` leaves them out too. */
export function withoutNothing(json: string): string {
  const noNull = `CASE WHEN contains(${json}, ':null') THEN json_merge_patch('{}', ${json})::VARCHAR ELSE ${json} END`;
  const inner = `regexp_replace(${noNull}, ${literal(`,${empty}`)}, '', 'g')`;
  const first = `regexp_replace(${inner}, ${literal(`${empty},?`)}, '', 'g')`;
  return `CASE WHEN contains(${json}, ':{}') OR contains(${json}, ':null') THEN ${first} ELSE ${json} END`;
}

/** True where empty objects are still left: they were inside each other. */
export function isUnclean(json: string): string {
  return `contains(${json}, ':{}')`;
}
