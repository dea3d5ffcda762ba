import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext, FileSink } from '../../analyzer.ts';
import { asciiLower } from '../../wire/text.ts';
import type { Field } from './hpack.ts';

/** One request with its answer, as one `http` event. */
export class HttpStream {
  readonly #context: AnalyzerContext;
  readonly #event: EventOf<'http'>;
  readonly #bodies = { request: 0, response: 0 };
  readonly #files: { request?: FileSink; response?: FileSink } = {};
  readonly #ended = { request: false, response: false };

  constructor(context: AnalyzerContext, depth: number) {
    this.#context = context;
    this.#event = context.newEvent('http');
    this.#event.http_trans_depth = depth;
    this.#event.http_version = '2';
    this.#event.tags = [];
  }

  headers(isOrig: boolean, fields: readonly Field[]): void {
    const event = this.#event;
    const value = (name: string): string | null => fields.find((field) => field.name === name)?.value ?? null;
    if (!isOrig) {
      const status = value(':status');
      if (status === null || !/^\d{3}$/.test(status)) return;
      event.http_response_status_code = Number(status);
      if (status.startsWith('1')) event.http_info_code = Number(status);
      return;
    }
    if (event.http_request_method !== null) return;
    event.http_request_method = value(':method');
    event.url_original = value(':path');
    event.http_host = value(':authority') ?? value('host');
    event.url_domain = event.http_host === null ? null : asciiLower(event.http_host.replace(/:\d{1,5}$/, ''));
    event.user_agent_original = value('user-agent');
    event.http_request_referrer = value('referer');
    event.http_request_origin = value('origin');
  }

  content(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 'request' : 'response';
    this.#bodies[side] += bytes.length;
    if (bytes.length === 0) return;
    const file = this.#files[side] ?? this.#openFile(isOrig);
    this.#files[side] = file;
    file.data(bytes);
  }

  /** A side has sent all of its message; true when both have. */
  end(isOrig: boolean): boolean {
    this.#ended[isOrig ? 'request' : 'response'] = true;
    return this.#ended.request && this.#ended.response;
  }

  emit(): void {
    const { request, response } = this.#files;
    request?.end();
    response?.end();
    this.#event.http_request_body_bytes = this.#bodies.request;
    this.#event.http_response_body_bytes = this.#bodies.response;
    this.#event.http_request_mime_type = request?.mimeType ?? null;
    this.#event.http_response_mime_type = response?.mimeType ?? null;
    if (response !== undefined) this.#event.file_uids = [response.uid];
    this.#context.emit(this.#event);
  }

  #openFile(isOrig: boolean): FileSink {
    const { url_domain: urlDomain, url_original: url } = this.#event;
    const facts = { isOrig, depth: 0, ...(urlDomain === null ? {} : { urlDomain }), ...(url === null ? {} : { url }) };
    return this.#context.openFile(facts);
  }
}
