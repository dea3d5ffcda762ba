import { kinds, type KindId } from './kinds/registry.generated.ts';
import type { Columns, ColumnSpec, RowOf } from './kind.ts';

export type { KindId };

/** One typed row of one kind. Every column is present; `null` means that the record did not say. */
export type EventOf<K extends KindId> = { readonly kind: K; time: number; evidence_id: number } & RowOf<
  (typeof kinds)[K]['columns']
>;
export type VakthundEvent = { [K in KindId]: EventOf<K> }[KindId];

/** Any event, seen as columns by name: for code that works from the declarations. */
export type EventRow = Record<string, string | number | boolean | readonly string[] | null>;

export const kindIds = Object.keys(kinds) as KindId[];

export function isKindId(text: string): text is KindId {
  return Object.hasOwn(kinds, text);
}

/** Columns of a kind in table order, as name and declaration. */
export function columnEntries(kind: KindId): readonly (readonly [string, ColumnSpec])[] {
  return entries[kind];
}

const entries = Object.fromEntries(
  kindIds.map((kind) => [kind, Object.entries(kinds[kind].columns as Columns)]),
) as unknown as Readonly<Record<KindId, readonly (readonly [string, ColumnSpec])[]>>;

const templates = Object.fromEntries(
  kindIds.map((kind) => [
    kind,
    {
      kind,
      ...Object.fromEntries(Object.keys(kinds[kind].columns).map((name) => [name, null])),
      time: 0,
      evidence_id: 0,
    },
  ]),
) as unknown as { readonly [K in KindId]: EventOf<K> };

/**
 * A fresh event of a kind with all columns null (`time` and `evidence_id` 0): a copy of one object, so that
 * all events of a kind share one hidden class and hot loops stay monomorphic. `assign` because a spread that sees
 * more than four kinds takes ten times as long in V8.
 */
export function newEvent<K extends KindId>(kind: K): EventOf<K> {
  return Object.assign({}, templates[kind]);
}
