import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import { readClientHello } from '../../tls/client-hello.ts';
import { Resumption } from '../../tls/resumption.ts';
import { readServerHello } from '../../tls/server-hello.ts';
import { fillClientHello, fillServerHello } from '../../tls/summary.ts';
import { wireText } from '../../wire/text.ts';

/** Letters of Zeek's ssl_history that are kept. */
const maxHistory = 100;

/** The TLS handshake inside a QUIC connection, of which only the hellos can be read: one `tls` event, also when a Retry begins the connection anew. */
export class QuicHellos {
  readonly #context: AnalyzerContext;
  readonly #resumption = new Resumption();
  #event: EventOf<'tls'> | undefined;
  #history = '';

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  /** Adds a client hello, and what it says to the event of the QUIC connection. False when it is damaged. */
  client(body: Uint8Array, quic: EventOf<'quic'>): boolean {
    const hello = readClientHello(body);
    if (hello === undefined) return false;
    this.#event ??= this.#context.newEvent('tls');
    fillClientHello(this.#event, hello, 'quic');
    this.#resumption.clientHello(hello);
    this.#note('C');
    quic.tls_client_server_name = this.#event.tls_client_server_name;
    quic.tls_client_ja3 = this.#event.tls_client_ja3;
    quic.tls_client_ja4 = this.#event.tls_client_ja4;
    const [protocol] = hello.protocols;
    if (protocol !== undefined) quic.tls_next_protocol = wireText(protocol);
    return true;
  }

  server(body: Uint8Array, quic: EventOf<'quic'>): boolean {
    const hello = readServerHello(body);
    if (hello === undefined) return false;
    this.#context.confirm('ssl');
    this.#event ??= this.#context.newEvent('tls');
    fillServerHello(this.#event, hello);
    this.#resumption.serverHello(hello);
    this.#note(hello.isRetry ? 'j' : 's');
    quic.tls_server_ja3s = this.#event.tls_server_ja3s;
    return true;
  }

  emit(): void {
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    event.tls_established = false;
    event.tls_resumed = this.#resumption.isResumed;
    event.tls_history = this.#history;
    this.#context.emit(event);
  }

  #note(letter: string): void {
    if (this.#history.length < maxHistory) this.#history += letter;
  }
}
