import type { EventOf } from '../../../../events/event.ts';
import type { AnalyzerContext } from '../analyzer.ts';
import { headerValue, type Header } from '../mime/headers.ts';
import { asciiLower, wireText } from '../wire/text.ts';
import { Body, type OpenRange } from './body.ts';
import { contentRangeOf, type ContentRange } from './content-range.ts';
import { framingOf, type Framing } from './framing.ts';
import type { RequestLine, StatusLine } from './start-line.ts';
import type { WebState } from './web-state.ts';
import { websocketOffer, type WebsocketOffer } from './websocket.ts';

/** Headers that show that a proxy passed the request on. */
const proxyHeaders: ReadonlySet<string> = new Set([
  'FORWARDED',
  'X-FORWARDED-FOR',
  'X-FORWARDED-FROM',
  'CLIENT-IP',
  'VIA',
  'XROXY-CONNECTION',
  'PROXY-CONNECTION',
]);

/** Where HTTP is at home, and proxies of it. */
export const httpPorts: readonly number[] = [80, 81, 631, 1080, 3128, 8000, 8080, 8888];

/** One request with its answer, as one `http` event (zeek/zeek scripts/base/protocols/http/main.zeek). */
export class Transaction {
  readonly event: EventOf<'http'>;
  readonly #context: AnalyzerContext;
  readonly #state: WebState;
  /** What it offers when it asks for a WebSocket. */
  websocket: WebsocketOffer | undefined;
  /** What has no column, by Zeek's names. */
  #kept: Readonly<Record<string, string | readonly string[]>> = {};
  #requestBody: Body | undefined;
  #responseBody: Body | undefined;
  /** Bytes of the request's body that had come when its answer began. */
  #askedAtAnswer: number | undefined;

  constructor(context: AnalyzerContext, state: WebState, depth: number) {
    this.#context = context;
    this.#state = state;
    this.event = context.newEvent('http');
    this.event.http_trans_depth = depth;
    this.event.http_request_body_bytes = 0;
    this.event.http_response_body_bytes = 0;
    this.event.tags = [];
  }

  request({ method, target }: RequestLine): void {
    this.event.http_request_method = method;
    this.event.url_original = target;
  }

  /** How the body is delimited: as `otherwise` where the headers do not say it. */
  requestHeaders(headers: readonly Header[], otherwise: Framing = { kind: 'none' }): Framing {
    const { event } = this;
    const proxied: string[] = [];
    for (const { name, value } of headers) {
      if (name === 'HOST') event.http_host = value;
      else if (name === 'REFERER') event.http_request_referrer = value;
      else if (name === 'USER-AGENT') event.user_agent_original = value;
      else if (name === 'ORIGIN') event.http_request_origin = value;
      else if (name === 'AUTHORIZATION' || name === 'PROXY-AUTHORIZATION') this.#authorization(value);
      else if (proxyHeaders.has(name) && !proxied.includes(`${name} -> ${value}`)) proxied.push(`${name} -> ${value}`);
    }
    this.websocket = websocketOffer(headers);
    if (proxied.length > 0) event.http_proxied = proxied;
    if (event.http_host !== null) event.url_domain = domainOf(event.http_host);
    const framing = framingOf(headers) ?? otherwise;
    if (framing.kind !== 'none') this.#requestBody = this.#body(true, headers, framing);
    return framing;
  }

  status({ version, code, reason }: StatusLine): void {
    this.event.http_version = version;
    this.event.http_response_status_code = code;
    this.event.http_response_status_text = reason;
    if (!isInformational(code)) return;
    this.event.http_info_code = code;
    if (reason !== '') this.#keep('info_msg', reason);
  }

  responseHeaders(headers: readonly Header[]): Framing {
    const code = this.event.http_response_status_code ?? 0;
    const method = this.event.http_request_method;
    if (method === 'CONNECT' && code === 200) return { kind: 'tunnel' };
    if (code === 101) return { kind: 'tunnel' };
    if (isInformational(code) || code === 204 || code === 304 || method === 'HEAD') return { kind: 'none' };
    this.#askedAtAnswer = this.#requestBody?.length;
    const range = code === 206 ? contentRangeOf(headers) : undefined;
    const framing = framingOf(headers, range?.length) ?? { kind: 'until-close' };
    this.#responseBody = this.#body(false, headers, framing, range);
    return framing;
  }

  bodyOf(isOrig: boolean): Body | undefined {
    return isOrig ? this.#requestBody : this.#responseBody;
  }

  /** A side's message is over: its size and what it carried are known. */
  endBody(isOrig: boolean): void {
    const body = this.bodyOf(isOrig);
    if (body === undefined) return;
    body.end();
    const types = body.mimeTypes;
    const joined = types.length === 0 ? null : types.join(',');
    if (isOrig) {
      this.event.http_request_body_bytes = body.length;
      this.event.http_request_mime_type = joined;
      this.#keepOverlap(body.length);
      if (body.fileUids.length > 0) this.#keep('orig_fuids', body.fileUids);
      if (body.fileNames.length > 0) this.#keep('orig_filenames', body.fileNames);
    } else {
      this.event.http_response_body_bytes = body.length;
      this.event.http_response_mime_type = joined;
      if (body.fileUids.length > 0) this.event.file_uids = body.fileUids;
      if (body.fileNames.length > 0) this.#keep('resp_filenames', body.fileNames);
    }
  }

  /** Servers answer when a request is over; two bodies at the same time are a stream both ways. */
  #keepOverlap(asked: number): void {
    const after = asked - (this.#askedAtAnswer ?? asked);
    if (after > 0) this.#keep('request_body_after_answer', String(after));
  }

  #keep(name: string, value: string | readonly string[]): void {
    this.#kept = { ...this.#kept, [name]: value };
    this.event.fields = JSON.stringify(this.#kept);
  }

  /** The answer was only a note on the way (1xx): the real one is still to come. */
  get isInformational(): boolean {
    return isInformational(this.event.http_response_status_code ?? 0);
  }

  #body(isOrig: boolean, headers: readonly Header[], framing: Framing, range?: ContentRange): Body {
    const announced = framing.kind === 'length' ? framing.bytes : undefined;
    return new Body(this.#context, this.#state.decoders, {
      isOrig,
      headers,
      size: range === undefined ? announced : (range.total ?? announced),
      openRange: range === undefined ? undefined : this.#rangeOpener(headers, range),
      rangeOfPart: (partHeaders) => {
        const ofPart = isOrig ? undefined : contentRangeOf(partHeaders);
        return ofPart === undefined ? undefined : { open: this.#rangeOpener(headers, ofPart), size: ofPart.total };
      },
      urlDomain: this.event.url_domain ?? undefined,
      url: this.event.url_original ?? undefined,
    });
  }

  /**
   * Ranges with the same validator and length that one client fetched of one address are parts of one file (RFC 9110, 15.3.7.3). At ports
   * that are not known for HTTP only those of one connection are: threads that share a capture see connections there one by one.
   */
  #rangeOpener(headers: readonly Header[], { first, total }: ContentRange): OpenRange {
    const { sourceIp, destinationIp, sourcePort, destinationPort, uid } = this.#context.connection;
    const isKnownPort = httpPorts.includes(destinationPort) || httpPorts.includes(sourcePort);
    const { http_host: host, url_original: url } = this.event;
    const validator = headerValue(headers, 'ETAG') ?? headerValue(headers, 'LAST-MODIFIED') ?? '';
    const key = [sourceIp, destinationIp, isKnownPort ? '' : uid, total ?? '', host ?? '', url ?? '', validator].join(
      '\0',
    );
    return (facts) => this.#state.joiner.open({ key, first, total }, facts, this.#context);
  }

  /** The name of basic authentication (RFC 7617); the password is not kept. */
  #authorization(value: string): void {
    const encoded = /^basic\s+(?<encoded>.*)$/i.exec(value)?.groups?.['encoded'];
    if (encoded === undefined) return;
    const decoded = wireText(Buffer.from(encoded, 'base64'));
    const colon = decoded.indexOf(':');
    this.event.user_name = colon < 0 ? `<problem-decoding> (${value})` : decoded.slice(0, colon);
  }
}

function isInformational(code: number): boolean {
  return code >= 100 && code <= 199;
}

/** The host of a Host header in lower case, without port and final dot. */
function domainOf(host: string): string {
  const lower = asciiLower(host.replace(/:\d{1,5}$/, ''));
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
