import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { asciiText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'xmpp',
  title: 'XMPP',
  description: 'Tells connections of clients and servers of XMPP, and follows STARTTLS. Messages are not read.',
  references: ['RFC 6120'],
  emits: [],
  service: 'xmpp',
  transports: ['tcp'],
  ports: [5222, 5269],
  recognize: ({ orig }: FirstBytes): Recognition => {
    const text = asciiText(orig, 0, maxStartLength);
    if (/^(?:<\?xml[^>]{0,100}>\s{0,10})?<stream:stream\s/.test(text)) return 'match';
    return text === '' || text.startsWith('<') ? 'more' : 'no';
  },
  start: () => ({ attach: (context) => new XmppConnection(context) }),
});

const maxStartLength = 200;
/** Longer than either request or answer: what is kept of the end of a piece, to find them when they are cut. */
const keptLength = 64;

class XmppConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #ends: [string, string] = ['', ''];
  #isAsked = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner !== undefined) {
      this.#inner.data(isOrig, bytes);
      return;
    }
    const side = isOrig ? 0 : 1;
    const text = this.#ends[side] + asciiText(bytes);
    this.#ends[side] = text.slice(-keptLength);
    if (text.includes('<stream:stream')) this.#context.confirm();
    if (isOrig) this.#isAsked ||= text.includes('<starttls');
    else if (this.#isAsked && text.includes('<proceed')) this.#inner = this.#context.inner('tls');
  }

  gap(isOrig: boolean, length: number): void {
    this.#inner?.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
  }
}
