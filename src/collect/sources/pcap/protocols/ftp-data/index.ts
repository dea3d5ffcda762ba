import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer, type FileSink } from '../../analyzer.ts';

export const analyzer = defineAnalyzer({
  id: 'ftp-data',
  title: 'FTP data',
  description:
    'The data connections that an FTP control connection agreed on: what they carry is handed on as one file for each side.',
  references: ['RFC 959'],
  emits: [],
  service: 'ftp-data',
  transports: ['tcp'],
  ports: [],
  start: () => ({ attach: (context) => new FtpDataConnection(context) }),
});

class FtpDataConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #files: [FileSink | undefined, FileSink | undefined] = [undefined, undefined];

  constructor(context: AnalyzerContext) {
    this.#context = context;
    context.confirm();
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 0 : 1;
    const file = this.#files[side] ?? this.#context.openFile({ isOrig, depth: 0 });
    this.#files[side] = file;
    file.data(bytes);
  }

  gap(isOrig: boolean, length: number): void {
    this.#files[isOrig ? 0 : 1]?.gap(length);
  }

  endOfStream(isOrig: boolean): void {
    this.#files[isOrig ? 0 : 1]?.end();
    this.#files[isOrig ? 0 : 1] = undefined;
  }

  close(): void {
    for (const file of this.#files) file?.end();
  }
}
