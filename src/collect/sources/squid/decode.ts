import { canonicalIp } from '../../../base/ip.ts';
import { microsPerSecond, roundHalfEven } from '../../../base/time.ts';
import { newEvent, type EventOf } from '../../../events/event.ts';
import { setRequest } from '../../http-request-line.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { readLine, type SquidLine } from './line.ts';

export const squidDecoder: LineDecoder = {
  line(text) {
    const parts = readLine(text);
    return parts === undefined ? 'a line is no request of Squid' : eventOf(parts);
  },
};

function eventOf(line: SquidLine): EventOf<'http'> {
  const event = newEvent('http');
  // Written when all was sent.
  event.time = roundHalfEven(Number(line.seconds) * microsPerSecond) - line.elapsedMs * (microsPerSecond / 1000);
  event.event_dataset = 'squid';
  event.source_ip = canonicalIp(line.client) ?? null;
  event.network_transport = 'tcp';
  setRequest(event, `${line.method} ${line.url}`);
  setTarget(event, line);
  // 000 stands where the client went before there was an answer.
  event.http_response_status_code = line.status === 0 ? null : line.status;
  event.http_response_body_bytes = line.bytes;
  event.http_response_mime_type = line.mime === '-' ? null : line.mime.toLowerCase();
  event.user_name = line.user === '-' ? null : line.user;
  event.fields = JSON.stringify({
    result: line.result,
    elapsed: line.elapsedMs,
    hierarchy: line.hierarchy,
    ...(event.source_ip === null ? { client: line.client } : {}),
    ...(event.destination_ip === null && line.peer !== '-' ? { peer: line.peer } : {}),
    ...(line.rest === '' ? {} : { rest: line.rest }),
  });
  return event;
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ftp', 21],
]);
const absolute =
  /^(?<scheme>[a-z][a-z\d+.-]{1,15}):\/\/(?:[^@/?#]{0,512}@)?(?<host>\[[\da-fA-F:.]{2,45}\]|[^:/?#]{1,255})(?::(?<port>\d{1,5}))?/i;
const tunnel = /^(?<host>\[[\da-fA-F:.]{2,45}\]|[^:/?#]{1,255}):(?<port>\d{1,5})$/;

/** The place that was asked for; its address where no other proxy stood between. A tunnel has a host and a port in place of a URL. */
function setTarget(event: EventOf<'http'>, { method, url, hierarchy, peer }: SquidLine): void {
  const parts = (method === 'CONNECT' ? tunnel : absolute).exec(url)?.groups;
  const port = parts?.['port'] ?? defaultPorts.get(parts?.['scheme']?.toLowerCase() ?? '');
  event.destination_port = port === undefined ? null : Number(port);
  if (parts !== undefined) event.url_domain = (parts['host'] ?? '').toLowerCase();
  const isDirect = hierarchy === 'HIER_DIRECT' || hierarchy === 'DIRECT' || hierarchy === 'ORIGINAL_DST';
  if (isDirect) event.destination_ip = canonicalIp(peer.replace(/^\[(?<inner>.*)\]$/, '$<inner>')) ?? null;
}
