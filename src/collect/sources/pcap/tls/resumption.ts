import { hexText } from '../wire/text.ts';
import type { ClientHello } from './client-hello.ts';
import { dataOf, extensionType } from './extensions.ts';
import type { ServerHello } from './server-hello.ts';
import { isTls13 } from './summary.ts';

/**
 * Tells whether a session was resumed, from what both sides send in clear: the same session id, a ticket that needs no key
 * exchange, or a pre-shared key that the server took (RFC 5246, 5077, 8446).
 */
export class Resumption {
  #sessionId: string | undefined;
  #hasTicketAlone = false;
  #offersKey = false;
  #hasKeyExchange = false;
  isResumed = false;

  clientHello(hello: ClientHello): void {
    const ticket = dataOf(hello.extensions, extensionType.sessionTicket);
    if (ticket !== undefined && ticket.length > 0) this.#hasTicketAlone = true;
    if (dataOf(hello.extensions, extensionType.preSharedKey) !== undefined) this.#offersKey = true;
    if (hello.sessionId.length === 0 || /^(?:00){32}$/.test(hexText(hello.sessionId))) return;
    this.#sessionId = hexText(hello.sessionId);
    this.#hasTicketAlone = false;
  }

  serverHello(hello: ServerHello): void {
    const takesKey = dataOf(hello.extensions, extensionType.preSharedKey) !== undefined;
    if (takesKey && this.#offersKey) this.isResumed = true;
    if (isTls13(hello.selectedVersion)) return;
    if (this.#sessionId !== undefined && this.#sessionId === hexText(hello.sessionId)) this.isResumed = true;
  }

  clientKeyExchange(): void {
    this.#hasKeyExchange = true;
  }

  clientChangeCipherSpec(): void {
    if (this.#hasTicketAlone && !this.#hasKeyExchange) this.isResumed = true;
  }
}
