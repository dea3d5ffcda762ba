import { mimeTypeOf } from '../../../../base/mime-type.ts';
import { inspectFile } from '../../../../match/files/inspect-file.ts';
import { pixelsIn } from '../../../../match/files/picture-size.ts';
import type { FileSign } from '../../../../match/files/sign.ts';

/** Photos of phones have 3 to 8 MB. */
const maxPictureBytes = 8 * 2 ** 20;
/** Of all pictures that are on their way at a time. */
const maxHeldBytes = 32 * 2 ** 20;
/** Pixels of one picture that are decoded: 16 million of three bytes. They are held twice for that time. */
const maxPixelBytes = 48 * 2 ** 20;
/**
 * A pixel takes 30 to 80 ns. So many are looked at in any case (two seconds of a processor), and one more for so many bytes of files that came:
 * a twentieth of what it takes to read them.
 */
const freePixels = 24_000_000;
const bytesPerPixel = 16;
/** Pictures whose result is kept for the next time that they come. */
const maxKnown = 10_000;
/** Bytes that tell that it is a picture (WebP's name stands at 8 to 15). */
const headBytes = 16;
/** Signs that are told of one picture, the strongest. */
const maxSigns = 5;

/** What is hidden in a picture that a connection carried. */
export interface PictureSigns {
  readonly type: string | null;
  readonly signs: readonly FileSign[];
}

/** The content of one carried file, held as long as it may be a picture. */
export interface HeldPicture {
  /** Copies the bytes. */
  add(bytes: Uint8Array): void;
  /** Bytes are missing: what is left cannot be tested. */
  drop(): void;
  /** What the whole of it hides; undefined where it is no picture, or was not held. */
  end(sha256: string): PictureSigns | undefined;
}

/** Tests the pictures that a capture carries for what is hidden in them. Bounded in memory, and in time by pixels. */
export class PictureTester {
  readonly #problem: (message: string) => void;
  readonly #known = new Map<string, PictureSigns>();
  #heldBytes = 0;
  #pixels = 0;
  #carriedBytes = 0;

  /** `problem` is told what was not tested. */
  constructor(problem: (message: string) => void) {
    this.#problem = problem;
  }

  open(): HeldPicture {
    let parts: Buffer[] = [];
    let bytes = 0;
    let [isOpen, isTold] = [true, false];
    const drop = (): void => {
      this.#heldBytes -= bytes;
      [parts, bytes, isOpen] = [[], 0, false];
    };
    return {
      add: (more) => {
        this.#carriedBytes += more.length;
        if (!isOpen) return;
        if (bytes + more.length > maxPictureBytes || this.#heldBytes + more.length > maxHeldBytes) {
          this.#problem('a picture is not tested for hidden data: it is too large, or too many came at a time');
          drop();
          return;
        }
        // Most files are none, which their first bytes tell.
        parts.push(Buffer.from(more));
        bytes += more.length;
        this.#heldBytes += more.length;
        if (isTold || bytes < headBytes) return;
        isTold = true;
        if (!beginsPicture(parts.length === 1 ? more : Buffer.concat(parts))) drop();
      },
      drop,
      end: (sha256) => {
        const whole = isOpen && isTold ? Buffer.concat(parts, bytes) : undefined;
        drop();
        return whole === undefined ? undefined : this.#test(whole, sha256);
      },
    };
  }

  #test(bytes: Buffer, sha256: string): PictureSigns {
    const known = this.#known.get(sha256);
    if (known !== undefined) return known;
    const pixels = pixelsIn(mimeTypeOf(bytes), bytes);
    const hasRoom = this.#pixels + pixels <= freePixels + this.#carriedBytes / bytesPerPixel;
    if (hasRoom) this.#pixels += pixels;
    else if (pixels > 0) {
      this.#problem(
        'the pixels of a picture are not tested for a message: those before it took the time that there is',
      );
    }
    const { type, signs } = inspectFile({ name: '', bytes, size: bytes.length }, hasRoom ? maxPixelBytes : 0);
    const result = { type, signs: signs.slice(0, maxSigns) };
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(sha256, result);
    return result;
  }
}

const pictureTypes: ReadonlySet<string | null> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/x-ms-bmp',
]);
/** First bytes of those. */
const firstBytes: ReadonlySet<number | undefined> = new Set(Buffer.from('\u0089\u00ffGRB', 'latin1'));

function beginsPicture(bytes: Uint8Array): boolean {
  return firstBytes.has(bytes[0]) && pictureTypes.has(mimeTypeOf(bytes.subarray(0, headBytes)));
}
