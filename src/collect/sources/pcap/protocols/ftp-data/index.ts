import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer, type FileSink } from '../../analyzer.ts';

export const analyzer = defineAnalyzer({
  id: 'ftp-data',
  title: 'FTP data',
  description:
    'The data connections that an FTP control connection agreed on: what they carry is handed on as one file for each side, by the name that the command says. ' +
    'One that goes on with an earlier transfer (REST) lacks its beginning, and has no hash.',
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
    const file = this.#files[side] ?? this.#open(isOrig);
    this.#files[side] = file;
    file.data(bytes);
  }

  #open(isOrig: boolean): FileSink {
    const { name, skippedBytes = 0 } = this.#context.announced ?? {};
    const file = this.#context.openFile({ isOrig, depth: 0, ...(name === undefined ? {} : { name }) });
    // What an earlier transfer brought is not here: without it there is no hash of the file.
    if (skippedBytes > 0) file.gap(skippedBytes);
    return file;
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
