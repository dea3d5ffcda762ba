import type { AnalyzerContext, ConnectionAnalyzer } from '../../analyzer.ts';

/** Pipes of one connection that are open at the same time. */
const maxPipes = 50;

/** Named pipes that a connection has opened: what is written to them and read from them is DCE/RPC. */
export class NamedPipes {
  readonly #context: AnalyzerContext;
  readonly #pipes = new Map<string, ConnectionAnalyzer>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  open(id: string): void {
    this.close(id);
    if (this.#pipes.size >= maxPipes) return;
    const inner = this.#context.inner('dce-rpc');
    if (inner !== undefined) this.#pipes.set(id, inner);
  }

  has(id: string): boolean {
    return this.#pipes.has(id);
  }

  /** Bytes of a message; nothing when the pipe is not known. A message that was cut leaves a gap. */
  data(id: string, isOrig: boolean, bytes: Uint8Array, missing: number): void {
    const pipe = this.#pipes.get(id);
    if (bytes.length > 0) pipe?.data(isOrig, bytes);
    if (missing > 0) pipe?.gap?.(isOrig, missing);
  }

  close(id: string): void {
    this.#pipes.get(id)?.close?.();
    this.#pipes.delete(id);
  }

  closeAll(): void {
    for (const id of this.#pipes.keys()) this.close(id);
  }
}
