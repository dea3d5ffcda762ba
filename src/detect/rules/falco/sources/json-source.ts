import { decodeUtf8 } from '../../../../base/bytes.ts';
import { ProblemList, quote } from '../../../../base/problem.ts';
import { fieldSpec, type FieldSpec } from '../fields/field.ts';
import type { StreamField, StreamResolver } from '../../../../match/condition/resolver.ts';
import { streamOfAny, type RecordStream } from '../../../../match/record-stream.ts';
import type { EvidenceStream } from '../../rule-language.ts';
import { commonField } from './common-fields.ts';
import { jsonFields } from './json-pointer.ts';
import {
  at,
  elements,
  isObject,
  nanosOf,
  type JsonField,
  type JsonObject,
  type JsonRecord,
  type JsonValue,
} from './json-record.ts';
import { JsonSplitter, maxEventCharacters } from './json-splitter.ts';

/** A source of JSON events that a plug-in of Falco gives. */
export interface JsonSource {
  /** Falco's name of the source: `k8s_audit`. */
  readonly id: string;
  /** What its events are called in messages. */
  readonly title: string;
  /** Plug-ins that bring it. */
  readonly plugins: readonly string[];
  readonly fields: readonly JsonField[];
  /** Whether an object is one of its events. */
  isEvent(value: JsonObject): boolean;
  /** Keys under which a file keeps a list of events. */
  readonly wrappers: readonly string[];
  /** Paths of its time, the first that is there counts. */
  readonly times: readonly (readonly string[])[];
  /** `event_dataset` of the events that our own sources make of them, with the whole record in `fields`; absent where none does. */
  readonly dataset?: string;
}

/** Fields of a source as rules are checked against them. */
export function specsOf(source: JsonSource): FieldSpec[] {
  return [...source.fields, ...jsonFields].map(({ name, type, isList, argument }) => {
    const words = [...(isList ? ['list'] : []), ...argumentWords(argument)];
    return fieldSpec(name, type === 'number' ? 'UINT64' : 'CHARBUF', words);
  });
}

function argumentWords(argument: JsonField['argument']): string[] {
  if (argument === 'none') return [];
  return [argument === 'required' ? 'arg' : 'arg?'];
}

export function resolverOf(source: JsonSource): StreamResolver<JsonRecord> {
  const byName = new Map([...source.fields, ...jsonFields].map((field) => [field.name, field]));
  return {
    field: ({ name, argument = '' }): StreamField<JsonRecord> | { readonly absent: string } => {
      const field = byName.get(name);
      if (field !== undefined) return { type: field.isList ? 'list' : 'any', get: field.getter(argument) };
      return commonField(name, source.id) ?? { absent: `events of ${source.id} have no field ${name}` };
    },
    allFields: () => ({ absent: `events of ${source.id} have no list of all fields` }),
  };
}

export function evidenceStream(source: JsonSource): EvidenceStream {
  return {
    detect: (_name, head) => (firstEvents(source, decodeUtf8(head)).length > 0 ? 'certain' : undefined),
    records: streamOfAny(streamOf(source)),
  };
}

/** The events of a source as they stand in JSON: objects one after another, lines, lists, and lists in an envelope. */
function streamOf(source: JsonSource): RecordStream<JsonRecord> {
  return {
    id: source.id,
    resolver: resolverOf(source),
    time: (record) => record.time,
    type: () => '',
    async read(content, show, { problems }) {
      let number = 0;
      const decoder = new TextDecoder('utf-8');
      const splitter = new JsonSplitter(
        (text, line) => {
          for (const value of eventsIn(source, text, line, problems)) {
            number++;
            show({ value, number, time: timeOf(source, value) });
          }
        },
        (line) => {
          const message = `an event is longer than ${maxEventCharacters} characters`;
          problems.add({ code: 'record-too-long', at: { line }, message });
        },
      );
      for await (const chunk of content) splitter.write(decoder.decode(chunk, { stream: true }));
      splitter.write(decoder.decode());
      if (splitter.isCut) problems.add({ code: 'truncated', at: {}, message: 'the last event has no end' });
    },
  };
}

/** Events among the first objects of a text; an envelope that is cut is known by what begins its list. */
function firstEvents(source: JsonSource, head: string): readonly JsonObject[] {
  const found: JsonObject[] = [];
  const look = (text: string): void => {
    const splitter = new JsonSplitter(
      (object, line) => found.push(...eventsIn(source, object, line, new ProblemList())),
      () => undefined,
    );
    splitter.write(text);
  };
  if (!/^[\s\uFEFF]*[[{]/.test(head)) return [];
  look(head);
  const wrapper = found.length > 0 ? undefined : source.wrappers.find((key) => head.includes(`"${key}"`));
  if (wrapper !== undefined) look(head.slice(head.indexOf('[', head.indexOf(`"${wrapper}"`))));
  return found;
}

function eventsIn(source: JsonSource, text: string, line: number, problems: ProblemList): readonly JsonObject[] {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    problems.add({ code: 'bad-record', at: { line }, message: `an event is no JSON: ${quote(text)}` });
    return [];
  }
  if (!isObject(value)) return [];
  for (const key of source.wrappers) {
    const list = elements(at(value, key));
    if (list !== undefined) return list.filter(isObject).filter((event) => isKnown(source, event, line, problems));
  }
  return isKnown(source, value, line, problems) ? [value] : [];
}

function isKnown(source: JsonSource, value: JsonObject, line: number, problems: ProblemList): boolean {
  if (source.isEvent(value)) return true;
  const message = `data not recognized as a ${source.title} event: ${quote(JSON.stringify(value))}`;
  problems.add({ code: 'bad-record', at: { line }, message });
  return false;
}

function timeOf(source: JsonSource, value: JsonObject): bigint {
  for (const path of source.times) {
    const time = nanosOf(at(value, ...path));
    if (time !== undefined) return time;
  }
  return 0n;
}
