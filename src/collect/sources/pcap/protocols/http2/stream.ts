import type { AnalyzerContext } from '../../analyzer.ts';
import type { Header } from '../../mime/headers.ts';
import type { WebState } from '../../web/web-state.ts';
import { Transaction } from '../../web/transaction.ts';
import type { Field } from './hpack.ts';

/** One request with its answer, as one `http` event. */
export class HttpStream {
  readonly #context: AnalyzerContext;
  readonly #transaction: Transaction;
  readonly #ended = { request: false, response: false };

  constructor(context: AnalyzerContext, state: WebState, depth: number) {
    this.#context = context;
    this.#transaction = new Transaction(context, state, depth);
    this.#transaction.event.http_version = '2';
  }

  /** Fields of a request, of an answer, or behind the content of either. */
  headers(isOrig: boolean, fields: readonly Field[]): void {
    if (isOrig) this.#request(fields);
    else this.#answer(fields);
  }

  content(isOrig: boolean, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#transaction.bodyOf(isOrig)?.data(bytes);
  }

  /** A side has sent all of its message; true when both have. */
  end(isOrig: boolean): boolean {
    this.#endBody(isOrig);
    return this.#ended.request && this.#ended.response;
  }

  emit(): void {
    this.#endBody(true);
    this.#endBody(false);
    this.#context.emit(this.#transaction.event);
  }

  #request(fields: readonly Field[]): void {
    const { event } = this.#transaction;
    if (event.http_request_method !== null) return;
    event.http_request_method = valueOf(fields, ':method');
    event.url_original = valueOf(fields, ':path');
    this.#transaction.requestHeaders(headersOf(fields), { kind: 'until-close' });
  }

  #answer(fields: readonly Field[]): void {
    const code = valueOf(fields, ':status');
    if (code === null || !/^\d{3}$/.test(code) || this.#transaction.bodyOf(false) !== undefined) return;
    this.#transaction.status({ version: '2', code: Number(code), reason: '' });
    this.#transaction.event.http_response_status_text = null;
    if (!this.#transaction.isInformational) this.#transaction.responseHeaders(headersOf(fields));
  }

  #endBody(isOrig: boolean): void {
    const side = isOrig ? 'request' : 'response';
    if (!this.#ended[side]) this.#transaction.endBody(isOrig);
    this.#ended[side] = true;
  }
}

function valueOf(fields: readonly Field[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

/** As a message of HTTP/1 would have them: the authority is its host (RFC 9113, 8.3.1). */
function headersOf(fields: readonly Field[]): readonly Header[] {
  const authority = valueOf(fields, ':authority');
  const headers = fields
    .filter(({ name }) => !name.startsWith(':') && (name !== 'host' || authority === null))
    .map(({ name, value }) => ({ name: name.toUpperCase(), value }));
  return authority === null ? headers : [{ name: 'HOST', value: authority }, ...headers];
}
