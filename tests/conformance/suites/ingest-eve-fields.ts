import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeByObjects, decodeEve, differences } from './ingest-eve-ways/ways.ts';

/**
 * Every path of Suricata's schema, each in records made up for it: one with a value there, one with another, one without.
 * The value has arrived, in a column or in `fields`, when the three events differ. Paths of a record type are tried in a
 * record of that type, all others in records of several. Both ways of decoding must give the same events.
 */
const tableFile = 'network/eve_fields.tsv';

/** Paths that begin with another word than the type of the record they stand in. */
const typeOfPart: Readonly<Record<string, string>> = {
  email: 'smtp',
  rpc: 'nfs',
  files: 'alert',
  metadata: 'alert',
  verdict: 'drop',
};
const severalTypes = ['flow', 'alert', 'http', 'tls', 'fileinfo', 'anomaly'];
/** Parts of the head of a record, which stand in records of any type. */
const headParts = new Set([
  'tcp',
  'ether',
  'vlan',
  'tunnel',
  'traffic',
  'packet_info',
  'stream_tcp',
  'ndpi',
  'firewall',
]);

interface Field {
  readonly path: string;
  readonly type: string;
}

interface Trial {
  readonly name: string;
  readonly records: readonly [without: object, one: object, other: object];
}

export const suite: Suite = { id: 'ingest/eve-fields', run };

async function run(corpus: string): Promise<SuiteResult> {
  const file = join(corpus, tableFile);
  if (!existsSync(file)) return { total: 0, passed: 0, skipped: 0, failed: [] };
  const fields = readFields(file);
  const trials = fields.flatMap(trialsOf);
  const lines = trials.flatMap(({ records }) => records.map((record) => `${JSON.stringify(record)}\n`));
  const content = Buffer.from(lines.join(''));
  const { events } = await decodeEve(content);
  const byObjects = await decodeByObjects(content);
  const byLine = new Map(events.map((event) => [event.evidence_at, event]));
  const failures = new Map<string, SuiteFailure>();
  for (const [index, trial] of trials.entries()) {
    const three = [1, 2, 3].map((line) => byLine.get(3 * index + line));
    const failure = notArrived(trial, three) ?? three.flatMap((event) => objectFailure(trial, event, byObjects))[0];
    if (failure !== undefined) failures.set(trial.name.split(' ')[0] ?? '', failure);
  }
  const failed = [...failures.values()];
  return {
    total: fields.length,
    passed: fields.length - failed.length,
    skipped: 0,
    failed,
    figures: { records: lines.length },
  };
}

/** Lines `path<TAB>type`; a path may stand twice, as a list and as its entries. */
function readFields(file: string): Field[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [path = '', type = ''] = line.split('\t');
    return { path, type };
  });
}

function trialsOf(field: Field): Trial[] {
  const part = /^[^.[]+/.exec(field.path)?.[0] ?? '';
  const isHead = !field.path.includes('.') || headParts.has(part);
  const types = isHead ? severalTypes : [typeOfPart[part] ?? part];
  return types.map((type) => {
    const [one, other] = valuesOf(field, type);
    return {
      name: `${field.path} (${field.type}) in ${type}`,
      records: [recordOf(type, field.path), recordOf(type, field.path, one), recordOf(type, field.path, other)],
    };
  });
}

/** Two values that the schema allows at a path. */
function valuesOf({ path, type }: Field, recordType: string): [unknown, unknown] {
  if (path === 'event_type') return [recordType, `other_${recordType}`];
  const name = path.split('.').at(-1)?.replace('[]', '') ?? '';
  if (type === 'boolean') return [true, false];
  if (type === 'integer') return [4711, 4712];
  if (type === 'number') return [1.5, 2.5];
  if (type === 'object' || type.startsWith('ref:')) return [{ zz: 'a' }, { zz: 'b' }];
  if (type === 'array') return [['a'], ['a', 'b']];
  if (/(?:^|_)ip$/.test(name)) return ['203.0.113.7', '2001:db8::7'];
  if (/^(?:timestamp|start|end|notbefore|notafter)$/.test(name)) {
    return ['2026-03-01T10:00:01.000001+0100', '2026-03-02T10:00:01.000001+0100'];
  }
  return [`value of ${path}`, `other of ${path}`];
}

/** A record of a type with a value at a path; a path that is left out stays out although every record has it. */
function recordOf(type: string, path?: string, value?: unknown): object {
  const record: Record<string, unknown> = {
    timestamp: '2026-03-01T10:00:00.000001+0100',
    flow_id: 7,
    event_type: type,
    src_ip: '192.0.2.1',
    dest_ip: '192.0.2.2',
    proto: 'TCP',
  };
  if (type === 'dns') record['dns'] = { type: 'answer' };
  // No flow is without a beginning, and an end means nothing without one.
  if (type === 'flow' || type === 'netflow') record[type] = { start: '2026-03-01T09:00:00.000001+0100' };
  if (path === undefined) return record;
  if (value === undefined) {
    // Without a time or a type a record is none.
    if (path !== 'timestamp' && path !== 'event_type') remove(record, path.split('.'));
    return record;
  }
  put(record, path.split('.'), value);
  return record;
}

function put(target: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  const key = step.replace('[]', '');
  const isList = step.endsWith('[]');
  if (rest.length === 0) {
    target[key] = isList && !Array.isArray(value) ? [value] : value;
    return;
  }
  const inner = (target[key] ?? {}) as Record<string, unknown>;
  put(inner, rest, value);
  target[key] = isList ? [inner] : inner;
}

function remove(target: Record<string, unknown>, [step = '', ...rest]: readonly string[]): void {
  const inner = target[step];
  if (rest.length === 0) delete target[step];
  else if (typeof inner === 'object' && inner !== null) remove(inner as Record<string, unknown>, rest);
}

function notArrived(
  { name, records }: Trial,
  events: readonly (VakthundEvent | undefined)[],
): SuiteFailure | undefined {
  const [without, one, other] = events.map(contentOf);
  const isThere = one !== undefined && other !== undefined;
  if (!isThere) return { case: name, got: 'no event', want: JSON.stringify(records[1]) };
  const isLost = isDeepStrictEqual(one, other) || (isDeepStrictEqual(one, without) && !isHeadOfAll(name));
  return isLost
    ? { case: name, got: JSON.stringify(one), want: `the value of ${JSON.stringify(records[1])}` }
    : undefined;
}

/** These cannot be absent. */
function isHeadOfAll(name: string): boolean {
  return name.startsWith('event_type ') || name.startsWith('timestamp ');
}

/** What an event says, without the place that it was read from. */
function contentOf(event: VakthundEvent | undefined): object | undefined {
  if (event === undefined) return undefined;
  const { evidence_at: _line, ...content } = event;
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
}

function objectFailure(
  { name }: Trial,
  event: VakthundEvent | undefined,
  byObjects: ReadonlyMap<number, VakthundEvent>,
): SuiteFailure[] {
  if (event === undefined) return [];
  return differences(byObjects, event).map((difference) => ({ case: `${name} by an object`, ...difference }));
}
