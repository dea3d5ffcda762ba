import { Frame } from './frame.ts';
import type { CaptureWriter } from './pcap-writer.ts';

/** What is held back; beyond, the frame that waits longest is left out, so that those behind it can go. */
const maxHeldBytes = 64 * 1024 * 1024;
/** What a held frame takes besides its bytes. */
const frameCost = 256;

interface HeldFrame {
  readonly frame: Frame;
  readonly number: number;
  /** Undefined until it is known. */
  isWanted: boolean | undefined;
}

/** Writes frames in the order of the capture, although of some it is only known later whether they are wanted. */
export class HeldFrames {
  readonly #writer: CaptureWriter;
  readonly #queue = new Set<HeldFrame>();
  readonly #undecided = new Map<number, HeldFrame>();
  #bytes = 0;

  constructor(writer: CaptureWriter) {
    this.#writer = writer;
  }

  write(frame: Frame, number: number): void {
    if (this.#queue.size === 0) this.#writer.write(frame);
    else this.#push({ frame: copyOf(frame), number, isWanted: true });
  }

  /** A frame about which is decided later. */
  hold(frame: Frame, number: number): void {
    const held: HeldFrame = { frame: copyOf(frame), number, isWanted: undefined };
    this.#undecided.set(number, held);
    this.#push(held);
  }

  decide(numbers: readonly number[], isWanted: boolean): void {
    for (const number of numbers) {
      const held = this.#undecided.get(number);
      if (held === undefined) continue;
      held.isWanted = isWanted;
      this.#undecided.delete(number);
    }
    this.#release();
  }

  #push(held: HeldFrame): void {
    this.#queue.add(held);
    this.#bytes += held.frame.bytes.length + frameCost;
    while (this.#bytes > maxHeldBytes) {
      const [first] = this.#queue;
      if (first === undefined) return;
      this.decide([first.number], false);
    }
  }

  #release(): void {
    for (const held of this.#queue) {
      if (held.isWanted === undefined) return;
      this.#queue.delete(held);
      this.#bytes -= held.frame.bytes.length + frameCost;
      if (held.isWanted) this.#writer.write(held.frame);
    }
  }
}

/** With the bytes of the frame alone; its `view` is not set. */
function copyOf(frame: Frame): Frame {
  const copy = new Frame();
  copy.bytes = frame.bytes.slice(frame.start, frame.end);
  copy.end = copy.bytes.length;
  copy.wireBytes = frame.wireBytes;
  copy.time = frame.time;
  copy.linkType = frame.linkType;
  return copy;
}
