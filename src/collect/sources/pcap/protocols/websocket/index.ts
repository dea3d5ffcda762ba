import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { FrameReader } from './frame-reader.ts';

export const analyzer = defineAnalyzer({
  id: 'websocket',
  title: 'WebSocket',
  description:
    'What runs in a WebSocket behind its upgrade (the `websocket` record is made of the upgrade itself): a protocol inside is looked for. Compressed messages are not opened.',
  references: ['RFC 6455'],
  emits: [],
  service: 'websocket',
  transports: ['tcp'],
  ports: [],
  start: () => ({ attach: (context) => new WebsocketConnection(context) }),
});

class WebsocketConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #sides: readonly [FrameReader, FrameReader];
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#inner = context.inner();
    this.#sides = [this.#reader(true), this.#reader(false)];
  }

  #reader(isOrig: boolean): FrameReader {
    return new FrameReader({
      message: () => this.#context.confirm(),
      content: (bytes) => this.#inner?.data(isOrig, bytes),
      unreadable: () => {
        this.#inner?.close?.();
        this.#inner = undefined;
      },
    });
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#sides[isOrig ? 0 : 1].data(bytes)) this.#context.violation('no WebSocket frame');
  }

  gap(): void {
    this.#context.violation('bytes of the stream are missing');
  }

  close(): void {
    this.#inner?.close?.();
  }
}
