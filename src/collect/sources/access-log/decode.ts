import { canonicalIp } from '../../../base/ip.ts';
import type { ProblemList } from '../../../base/problem.ts';
import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { parseJsonObject } from '../../json-value.ts';
import { shapedEvent } from '../../shaped-records.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { readCombined, type AccessLine } from './combined.ts';
import { shapeOfJson } from './json.ts';
import { setRequest } from '../../http-request-line.ts';

export const accessDecoder: LineDecoder = {
  line(text, line, problems) {
    if (/^\s*\{/.test(text)) return jsonEvent(text, line, problems);
    const parts = readCombined(text);
    return parts === undefined ? 'a line is no request of an access log' : eventOf(parts);
  },
};

function jsonEvent(text: string, line: number, problems: ProblemList): VakthundEvent | string | [] {
  if (!text.trimEnd().endsWith('}')) return 'a record has no end';
  const record = parseJsonObject(text, { line }, problems);
  if (record === undefined) return [];
  const shape = shapeOfJson(record);
  return shape === undefined ? 'a record is no request of an access log' : shapedEvent(shape, line, problems);
}

function eventOf(parts: AccessLine): EventOf<'http'> {
  const event = newEvent('http');
  event.time = parts.time;
  event.event_dataset = 'access-log';
  const address = canonicalIp(parts.client);
  event.source_ip = address ?? null;
  event.network_transport = 'tcp';
  setRequest(event, parts.request);
  const host = /^(?<name>.*?)(?::(?<port>\d{1,5}))?$/.exec(parts.virtualHost ?? '')?.groups;
  if (parts.virtualHost !== undefined) event.url_domain ??= host?.['name']?.toLowerCase() ?? null;
  event.destination_port = host?.['port'] === undefined ? null : Number(host['port']);
  event.http_response_status_code = parts.status === '-' ? null : Number(parts.status);
  event.http_response_body_bytes = parts.bytes === '-' ? null : Number(parts.bytes);
  event.http_request_referrer = parts.referrer ?? null;
  event.user_agent_original = parts.userAgent ?? null;
  event.user_name = parts.user ?? null;
  const more = {
    ...(address === undefined ? { client: parts.client } : {}),
    ...(parts.rest === '' ? {} : { rest: parts.rest }),
  };
  event.fields = Object.keys(more).length === 0 ? null : JSON.stringify(more);
  return event;
}
