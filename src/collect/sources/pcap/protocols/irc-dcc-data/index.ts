import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer, type FileSink } from '../../analyzer.ts';

export const analyzer = defineAnalyzer({
  id: 'irc-dcc-data',
  title: 'IRC DCC data',
  description:
    'The connections in which IRC users send each other files (DCC): what the side that listens sends is handed on as one file, by the name of the offer. The ' +
    'other side only counts the bytes.',
  references: ['https://modern.ircdocs.horse/dcc'],
  emits: [],
  service: 'irc-dcc-data',
  transports: ['tcp'],
  ports: [],
  start: () => ({ attach: (context) => new DccData(context) }),
});

class DccData implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  #file: FileSink | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    context.confirm();
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (isOrig) return;
    const { name } = this.#context.announced ?? {};
    this.#file ??= this.#context.openFile({ isOrig, depth: 0, ...(name === undefined ? {} : { name }) });
    this.#file.data(bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (!isOrig) this.#file?.gap(length);
  }

  endOfStream(isOrig: boolean): void {
    if (isOrig) return;
    this.#file?.end();
    this.#file = undefined;
  }

  close(): void {
    this.#file?.end();
  }
}
