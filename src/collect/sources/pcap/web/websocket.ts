import type { EventOf } from '../../../../events/event.ts';
import type { AnalyzerContext } from '../analyzer.ts';
import { logRecord } from '../log-record.ts';
import { headerValue, type Header } from '../mime/headers.ts';

/** What a request for a WebSocket offers (RFC 6455, 4.1). */
export interface WebsocketOffer {
  readonly protocols: readonly string[];
  readonly extensions: readonly string[];
}

/** Undefined when the request asks for none. */
export function websocketOffer(headers: readonly Header[]): WebsocketOffer | undefined {
  if (headerValue(headers, 'UPGRADE')?.toLowerCase() !== 'websocket') return undefined;
  return {
    protocols: listOf(headers, 'SEC-WEBSOCKET-PROTOCOL'),
    extensions: listOf(headers, 'SEC-WEBSOCKET-EXTENSIONS'),
  };
}

/** The upgrade, as Zeek's websocket log tells it. */
export function websocketRecord(
  context: AnalyzerContext,
  request: EventOf<'http'>,
  offer: WebsocketOffer | undefined,
  answer: readonly Header[],
): EventOf<'log'> {
  const extensions = listOf(answer, 'SEC-WEBSOCKET-EXTENSIONS');
  return logRecord(context, 'websocket', {
    host: request.http_host ?? undefined,
    uri: request.url_original ?? undefined,
    user_agent: request.user_agent_original ?? undefined,
    subprotocol: headerValue(answer, 'SEC-WEBSOCKET-PROTOCOL'),
    client_protocols: nonEmpty(offer?.protocols),
    server_extensions: nonEmpty(extensions),
    client_extensions: nonEmpty(offer?.extensions),
  });
}

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length === 0 ? undefined : list;
}

const maxEntries = 20;

/** Entries of a header that is a list with commas, over all its lines. */
function listOf(headers: readonly Header[], name: string): string[] {
  return headers
    .filter((header) => header.name === name)
    .flatMap(({ value }) => value.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .slice(0, maxEntries);
}
