const [next, stopped] = [0, 1];

/** Which of several shares is the next to be read: each is taken once, by whichever thread comes first. */
export class ShareTurns {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory);
  }

  /** The place of a share, beyond the last one when all are taken or nobody is to go on. */
  take(): number {
    return this.isStopped ? Number.MAX_SAFE_INTEGER : Atomics.add(this.#numbers, next, 1);
  }

  get isStopped(): boolean {
    return Atomics.load(this.#numbers, stopped) === 1;
  }

  stop(): void {
    Atomics.store(this.#numbers, stopped, 1);
  }
}
