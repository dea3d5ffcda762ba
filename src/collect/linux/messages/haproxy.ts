import { canonicalIp } from '../../../base/ip.ts';
import { microsPerSecond, type Micros } from '../../../base/time.ts';
import { newEvent, type EventOf, type VakthundEvent } from '../../../events/event.ts';
import { setRequest } from '../../http-request-line.ts';
import type { SystemMessage } from './message.ts';

/**
 * What HAProxy says of each request (`option httplog`) and connection (`option tcplog`), described in its manual, chapter 8.2. The client's
 * part (captured headers, the request) stands last, and braces and quotes in it are written as `#7B` or `#22`.
 */
const begin =
  /^(?<client>[\da-fA-F:.]{2,45}|unix):(?<port>\d{1,5}) \[(?<accepted>[^\]\s]{20,40})\] (?<frontend>\S{1,128}) (?<backend>[^\s/]{1,128})\/(?<server>\S{1,128}) (?<timers>[-+]?\d{1,10}(?:\/[-+]?\d{1,10}){2,4}) /;
const request =
  /^(?<status>-1|\d{3}) \+?(?<bytes>\d{1,15}) (?<cookies>\S{1,512} \S{1,512}) (?<state>[-\w]{4}) (?<counts>\d{1,9}(?:\/\+?\d{1,9}){4}) (?<queues>\d{1,9}\/\d{1,9})(?<captures>(?: \{[^{}"]{0,8192}\}){0,2}) "(?<request>[^"]{0,16384})"(?<rest> .{0,1024})?$/s;
const connection =
  /^\+?(?<bytes>\d{1,15}) (?<state>[-\w]{2}) (?<counts>\d{1,9}(?:\/\+?\d{1,9}){4}) (?<queues>\d{1,9}\/\d{1,9})(?<rest> .{0,1024})?$/s;

export function readHaproxy(message: SystemMessage): VakthundEvent | undefined {
  const start = begin.exec(message.text);
  if (start?.groups === undefined) return undefined;
  const after = message.text.slice(start[0].length);
  const asked = request.exec(after)?.groups;
  if (asked !== undefined) return requestOf(message, start.groups, asked);
  const made = connection.exec(after)?.groups;
  return made === undefined ? undefined : connectionOf(message, start.groups, made);
}

type Groups = Readonly<Record<string, string | undefined>>;

function requestOf(message: SystemMessage, start: Groups, asked: Groups): VakthundEvent {
  const event = newEvent('http');
  setEnds(event, message, start, asked);
  setRequest(event, asked['request'] ?? '');
  const status = Number(asked['status']);
  event.http_response_status_code = status < 0 ? null : status;
  event.http_response_body_bytes = Number(asked['bytes']);
  return event;
}

function connectionOf(message: SystemMessage, start: Groups, made: Groups): VakthundEvent {
  const event = newEvent('flow');
  setEnds(event, message, start, made);
  event.event_duration = total(start);
  event.destination_bytes = Number(made['bytes']);
  return event;
}

/** A line is written at the end; its clock inside has no zone, so the beginning is reckoned from the time of the line. */
function setEnds(event: EventOf<'http'> | EventOf<'flow'>, message: SystemMessage, start: Groups, end: Groups): void {
  event.time = message.time - total(start);
  event.event_dataset = event.kind === 'http' ? 'haproxy.http' : 'haproxy.tcp';
  event.host_name = message.host;
  event.source_ip = canonicalIp(start['client'] ?? '') ?? null;
  event.source_port = event.source_ip === null ? null : Number(start['port']);
  event.network_transport = 'tcp';
  const { accepted, frontend, backend, server, timers } = start;
  const { cookies, state, counts, queues, captures, rest } = end;
  const level = message.level === null ? {} : { level: message.level };
  const told = { accepted, frontend, backend, server, timers, cookies, state, counts, queues };
  const last = { captures: known(captures), rest: known(rest) };
  event.fields = JSON.stringify({ ...message.more, ...level, ...told, ...last });
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/** The last of the timers, in milliseconds: from the first byte, or the acceptance, to the end. -1 for what was never reached. */
function total({ timers = '' }: Groups): Micros {
  const last = Number(timers.slice(timers.lastIndexOf('/') + 1).replace('+', ''));
  return Math.max(0, last) * (microsPerSecond / 1000);
}
