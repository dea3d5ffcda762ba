import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';

export const analyzer = defineAnalyzer({
  id: 'irc-dcc-chat',
  title: 'IRC DCC chat',
  description:
    'The connections in which two IRC users talk past their server (DCC CHAT), by the offer that was made for them. Some bots are steered so. What is said ' +
    'is not kept.',
  references: ['https://modern.ircdocs.horse/dcc'],
  emits: [],
  service: 'irc-dcc-chat',
  transports: ['tcp'],
  ports: [],
  start: () => ({ attach: (context) => new DccChat(context) }),
});

class DccChat implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  #isTold = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  /** Lines of text, as of any chat (TLS chats begin with a byte that no text has). */
  data(_isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const first = bytes[0] ?? 0;
    if (first < 9 || (first > 13 && first < 32 && first !== 27)) this.#context.violation('no text of a chat');
    else this.#context.confirm();
  }
}
