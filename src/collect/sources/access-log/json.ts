import { formatIso } from '../../../base/time.ts';
import type { EventOf, EventRow } from '../../../events/event.ts';
import type { Mapping } from '../../../events/mapping.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Shape } from '../../shaped-records.ts';
import { writtenMicros } from '../../written-time.ts';
import { setRequest } from '../../http-request-line.ts';

type Form = 'caddy' | 'traefik' | 'variables';

/** The form of a record, by the keys that it has. Those of nginx and Apache are what their owner calls them: the usual names. */
export function formOf(has: (key: string) => boolean): Form | undefined {
  if (has('request') && has('ts') && has('status') && (has('duration') || has('logger'))) return 'caddy';
  if (has('RequestMethod') && has('RequestPath') && has('ClientAddr')) return 'traefik';
  const hasClient = clients.some(has);
  const hasRequest = has('request') || has('request_uri') || has('uri');
  return hasClient && hasRequest && has('status') && times.some(has) ? 'variables' : undefined;
}

const clients = ['remote_addr', 'remote_ip', 'client_ip', 'remoteIP', 'clientip'];
const times = ['time_iso8601', 'time_local', 'msec', 'time', 'timestamp', '@timestamp'];

const caddy: Mapping = mappingTo('http', {
  time: read('ts', 'seconds'),
  event_dataset: { constant: 'access-log.caddy' },
  source_ip: firstOf('ip', 'request.client_ip', 'request.remote_ip'),
  source_port: read('request.remote_port', 'integer'),
  network_transport: { constant: 'tcp' },
  http_request_method: read('request.method', 'text'),
  url_domain: read('request.host', 'hostname'),
  http_host: read('request.host', 'text'),
  url_original: read('request.uri', 'text'),
  http_version: read('request.proto', 'text'),
  user_agent_original: read('request.headers.User-Agent[]', 'text'),
  http_request_referrer: read('request.headers.Referer[]', 'text'),
  http_request_body_bytes: read('bytes_read', 'integer'),
  http_response_body_bytes: read('size', 'integer'),
  http_response_status_code: read('status', 'integer'),
  user_name: read('user_id', 'text'),
});

const traefik: Mapping = mappingTo('http', {
  time: firstOf('iso', 'StartUTC', 'StartLocal', 'time'),
  event_dataset: { constant: 'access-log.traefik' },
  source_ip: read('ClientHost', 'ip'),
  source_port: read('ClientPort', 'integer'),
  network_transport: { constant: 'tcp' },
  http_request_method: read('RequestMethod', 'text'),
  url_domain: firstOf('hostname', 'RequestHost', 'RequestAddr'),
  http_host: read('RequestAddr', 'text'),
  url_original: read('RequestPath', 'text'),
  http_version: read('RequestProtocol', 'text'),
  user_agent_original: read('request_User-Agent', 'text'),
  http_request_referrer: read('request_Referer', 'text'),
  http_request_body_bytes: read('RequestContentSize', 'integer'),
  http_response_body_bytes: read('DownstreamContentSize', 'integer'),
  http_response_status_code: read('DownstreamStatus', 'integer'),
  user_name: read('ClientUsername', 'text'),
});

const variables: Mapping = mappingTo('http', {
  time: firstOf('seconds', 'msec', 'time_iso8601', '@timestamp', 'timestamp', 'time', 'time_local'),
  event_dataset: { constant: 'access-log.json' },
  source_ip: firstOf('ip', ...clients),
  source_port: read('remote_port', 'integer'),
  network_transport: { constant: 'tcp' },
  http_request_method: firstOf('text', 'request_method', 'method'),
  url_domain: firstOf('hostname', 'host', 'http_host', 'server_name'),
  http_host: firstOf('text', 'http_host', 'host'),
  url_original: firstOf('text', 'request_uri', 'uri'),
  http_version: firstOf('text', 'server_protocol', 'protocol'),
  user_agent_original: firstOf('text', 'http_user_agent', 'user_agent', 'userAgent', 'agent'),
  http_request_referrer: firstOf('text', 'http_referrer', 'http_referer', 'referer', 'referrer'),
  http_request_body_bytes: firstOf('integer', 'request_length'),
  http_response_body_bytes: firstOf('integer', 'body_bytes_sent', 'bytes_sent', 'bytes', 'size'),
  http_response_status_code: read('status', 'integer'),
  user_name: firstOf('text', 'remote_user', 'user'),
});

const compiled = {
  caddy: compileMapping(caddy, { nested: true }),
  traefik: compileMapping(traefik, { nested: true, unset: '-' }),
  variables: compileMapping(variables, { nested: true, unset: '-' }),
} satisfies Record<Form, unknown>;

/** How a record is read; undefined for one that has no known form. */
export function shapeOfJson(record: JsonObject): Shape | undefined {
  const form = formOf((key) => record[key] !== undefined);
  if (form === undefined || (form === 'caddy' && !isObject(record['request']))) return undefined;
  return { convert: compiled[form], record: prepared(form, record), finish: (row) => finish(row, record) };
}

function prepared(form: Form, record: JsonObject): JsonObject {
  if (form === 'caddy') return withAddress(record);
  const known = withoutEmpty(record);
  return form === 'variables' ? withIsoTimes(known) : known;
}

/** Caddy before 2.5 writes address and port together. */
function withAddress(record: JsonObject): JsonObject {
  const { request } = record;
  const together = isObject(request) && request['remote_ip'] === undefined ? request['remote_addr'] : undefined;
  const { ip, port } = /^\[?(?<ip>[\da-fA-F.:]{3,45})\]?:(?<port>\d{1,5})$/.exec(String(together))?.groups ?? {};
  if (ip === undefined) return record;
  return { ...record, request: { ...(request as JsonObject), remote_ip: ip, remote_port: Number(port) } };
}

/** `time_local` of nginx, and whatever else the owner of the log chose to write. */
function withIsoTimes(record: JsonObject): JsonObject {
  const told = times.flatMap((name) => {
    const value = record[name];
    const micros = typeof value === 'string' && name !== 'msec' ? writtenMicros(value) : undefined;
    return micros === undefined ? [] : [[name, formatIso(micros)] as const];
  });
  return told.length === 0 ? record : { ...record, ...Object.fromEntries(told) };
}

/** nginx writes an empty text for a variable without a value. */
function withoutEmpty(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== ''));
}

function finish(row: EventRow, record: JsonObject): void {
  const version = row['http_version'];
  if (typeof version === 'string') row['http_version'] = version.replace(/^HTTP\//, '');
  if (row['user_name'] === '') row['user_name'] = null;
  const { request } = record;
  if (typeof request !== 'string' || row['url_original'] !== null) return;
  const { url_domain: domain } = row;
  setRequest(row as unknown as EventOf<'http'>, request);
  row['url_domain'] ??= domain ?? null;
}
