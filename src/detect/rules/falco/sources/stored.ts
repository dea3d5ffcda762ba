import type { EventRow, KindId } from '../../../../events/event.ts';
import type { RecordFormat } from '../../../../match/record-stream.ts';
import type { JsonObject, JsonRecord } from './json-record.ts';
import { resolverOf, type JsonSource } from './json-source.ts';
import { jsonSources } from './registry.ts';

/** Kinds of the events that are made of plug-in records: most are log records, sign-ins are sessions. */
export const storedKinds: readonly KindId[] = ['log', 'user_session'];

/** The source whose rules are asked about events of a dataset. */
export const sourceByDataset: ReadonlyMap<string, JsonSource> = new Map(
  jsonSources.flatMap((source) => (source.dataset === undefined ? [] : [[source.dataset, source] as const])),
);

/** Our events of a source, as its rules see them. */
export function storedFormat(source: JsonSource): RecordFormat<JsonRecord> {
  return { id: source.id, resolver: resolverOf(source), time: ({ time }) => time, type: () => '' };
}

/** The record that an event was made of; undefined for what the source would not take for one of its events. */
export function recordOf(source: JsonSource, row: EventRow): JsonRecord | undefined {
  const value = valueOf(row);
  if (value === undefined || !source.isEvent(value)) return undefined;
  return { value, number: Number(row['evidence_at'] ?? 0), time: BigInt(Math.trunc(Number(row['time']))) * 1000n };
}

let parsedText: string | undefined;
let parsed: JsonObject | undefined;

/** `fields` of a row, parsed once for all rules that are asked about it. */
function valueOf(row: EventRow): JsonObject | undefined {
  const text = row['fields'];
  if (typeof text !== 'string') return undefined;
  if (text !== parsedText) {
    parsedText = text;
    parsed = JSON.parse(text) as JsonObject;
  }
  return parsed;
}
