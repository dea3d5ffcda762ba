import { formatIso } from '../../../base/time.ts';
import type { ProblemList } from '../../../base/problem.ts';
import { parseJsonObject, type JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';

type FlatRecord = { [key: string]: unknown };

/**
 * The alert in a record: Falco's own, or what others put around it (falcosidekick's CloudEvents `data`, Elasticsearch's
 * `_source`, and as text in the `log` of a container runtime and the `message` of Filebeat). Undefined when there is none.
 */
export function findAlert(record: JsonObject, line: number, problems: ProblemList): JsonObject | undefined {
  if (isAlert(record)) return record;
  for (const key of ['data', '_source', 'log', 'message']) {
    const value = record[key];
    const isText = typeof value === 'string' && value.startsWith('{');
    const inner = isText ? parseJsonObject(value, { line }, problems) : value;
    if (isObject(inner) && isAlert(inner)) return inner;
  }
  return undefined;
}

function isAlert(record: JsonObject): boolean {
  return typeof record['rule'] === 'string' && typeof record['priority'] === 'string';
}

/** The alert with its `output_fields` beside its own keys, which win, in the form that the mappings read. */
export function flatten(alert: JsonObject): JsonObject {
  const { output_fields: fields, ...own } = alert;
  const flat: FlatRecord = isObject(fields) ? { ...fields, ...own } : { ...alert };
  withTime(flat);
  withTechniques(flat);
  withEnds(flat);
  withFile(flat);
  withoutEmptyIds(flat);
  return flat;
}

/** Alerts without a time of their own have that of the event, in nanoseconds. */
function withTime(flat: FlatRecord): void {
  const nanoseconds = flat['evt.time'] ?? flat['evt.time.iso8601'];
  if (flat['time'] !== undefined || nanoseconds === undefined) return;
  const micros = Math.floor(Number(nanoseconds) / 1000);
  if (Number.isSafeInteger(micros) && micros > 0) flat['time'] = formatIso(micros);
}

/** `T1059`, `T1059.004`, also with `mitre_` before it; tags such as `mitre_execution` name a tactic. */
function withTechniques(flat: FlatRecord): void {
  const { tags } = flat;
  if (!Array.isArray(tags)) return;
  const techniques = tags.flatMap((tag) => {
    const id =
      typeof tag === 'string' ? /^(?:mitre_)?(?<id>T\d{4}(?:\.\d{3})?)$/i.exec(tag)?.groups?.['id'] : undefined;
    return id === undefined ? [] : [id.toUpperCase()];
  });
  if (techniques.length > 0) flat['techniques'] = techniques;
}

const tuple = /^(?<cip>[\da-fA-F:.]{2,45}):(?<cport>\d{1,5})->(?<sip>[\da-fA-F:.]{2,45}):(?<sport>\d{1,5})$/;

/** The name of a socket is `client:port->server:port`. */
function withEnds(flat: FlatRecord): void {
  const name = flat['fd.name'];
  const ends = typeof name === 'string' ? tuple.exec(name)?.groups : undefined;
  for (const [end, value] of Object.entries(ends ?? {})) flat[`fd.${end}`] ??= value;
}

/** The name of a file is its path. */
function withFile(flat: FlatRecord): void {
  const name = flat['fd.name'];
  if (typeof name !== 'string' || !name.startsWith('/')) return;
  flat['file'] = name;
  delete flat['fd.name'];
}

/** Falco's marks for none: the largest number for a user, terminal 0, container `host`. */
function withoutEmptyIds(flat: FlatRecord): void {
  for (const key of ['user.uid', 'user.loginuid']) if (Number(flat[key]) === 0xffff_ffff) flat[key] = -1;
  if (Number(flat['proc.tty']) === 0) delete flat['proc.tty'];
  for (const key of ['container.id', 'container.name']) if (flat[key] === 'host' || flat[key] === '') delete flat[key];
}
