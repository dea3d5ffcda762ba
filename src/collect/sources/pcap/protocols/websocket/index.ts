import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { ContentTally } from './content-tally.ts';
import { firstControl, FrameReader } from './frame-reader.ts';

export const analyzer = defineAnalyzer({
  id: 'websocket',
  title: 'WebSocket',
  description:
    'What runs in a WebSocket behind its upgrade (the `websocket` record is made of the upgrade itself): a protocol inside is looked for, and what the messages of each side are made of is told when it ends (`websocket_content`). ' +
    'Compressed messages are not opened.',
  references: ['RFC 6455'],
  emits: ['log'],
  service: 'websocket',
  transports: ['tcp'],
  ports: [],
  start: () => ({ attach: (context) => new WebsocketConnection(context) }),
});

class WebsocketConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #sides: readonly [FrameReader, FrameReader];
  readonly #tallies = [new ContentTally(), new ContentTally()] as const;
  #isUnreadable = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#inner = context.inner();
    this.#sides = [this.#reader(true), this.#reader(false)];
  }

  #reader(isOrig: boolean): FrameReader {
    const tally = this.#tallies[isOrig ? 0 : 1];
    return new FrameReader({
      message: (opcode) => {
        this.#context.confirm();
        if (opcode < firstControl) tally.message(opcode);
      },
      content: (bytes) => {
        tally.content(bytes);
        this.#inner?.data(isOrig, bytes);
      },
      unreadable: () => {
        this.#isUnreadable = true;
        this.#inner?.close?.();
        this.#inner = undefined;
      },
    });
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#sides[isOrig ? 0 : 1].data(bytes)) this.#context.violation('no WebSocket frame');
  }

  gap(): void {
    this.#context.lost();
  }

  close(): void {
    this.#inner?.close?.();
    const [orig, resp] = this.#tallies;
    if (orig.messages + resp.messages === 0) return;
    const fields = { orig: orig.summary(), resp: resp.summary(), is_compressed: this.#isUnreadable };
    this.#context.emit(logRecord(this.#context, 'websocket_content', fields));
  }
}
