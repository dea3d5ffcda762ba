import { asciiText } from '../wire/text.ts';

/** Undoes a Content-Transfer-Encoding line by line (RFC 2045, 6). */
export interface TransferDecoder {
  /** One line, or a piece of one when `isCut`, without its end, which `isBare` says to be LF alone. */
  line(line: Uint8Array, isCut: boolean, isBare: boolean): void;
  end(): void;
}

type Output = (bytes: Uint8Array) => void;

const lineEnd = Buffer.from('\r\n');
const bareLineEnd = Buffer.from('\n');

/** The decoder for an encoding's name; lines as they are for one that is not known. The line end before a boundary belongs to the boundary. */
export function transferDecoder(encoding: string | undefined, output: Output): TransferDecoder {
  switch (encoding?.trim().toLowerCase()) {
    case 'base64':
      return new Base64Decoder(output);
    case 'quoted-printable':
      return new QuotedPrintableDecoder(output);
    case 'x-uuencode':
    case 'x-uue':
    case 'uuencode':
      return new UuDecoder(output);
    case undefined:
    default:
      return new IdentityDecoder(output);
  }
}

/** Content as it came: in what is binary, either line end can be two of its bytes, or one. */
class IdentityDecoder implements TransferDecoder {
  readonly #output: Output;
  #lineEnd: Uint8Array | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  line(line: Uint8Array, isCut: boolean, isBare: boolean): void {
    if (this.#lineEnd !== undefined) this.#output(this.#lineEnd);
    if (line.length > 0) this.#output(line);
    if (isCut) this.#lineEnd = undefined;
    else this.#lineEnd = isBare ? bareLineEnd : lineEnd;
  }

  end(): void {
    this.#lineEnd = undefined;
  }
}

/** What uuencode makes of a file (POSIX.1-2017, uuencode): between `begin MODE NAME` and `end`, lines of their length and four characters for three bytes. */
class UuDecoder implements TransferDecoder {
  readonly #output: Output;
  #isInside = false;

  constructor(output: Output) {
    this.#output = output;
  }

  line(line: Uint8Array): void {
    const text = asciiText(line);
    if (!this.#isInside) this.#isInside = /^begin [0-7]{3,4} /.test(text);
    else if (text.trimEnd() === 'end') this.#isInside = false;
    else if (text !== '') this.#output(uuBytes(text));
  }

  end(): void {
    this.#isInside = false;
  }
}

/** Six bits for each character, from the space on; a backquote stands for the space too. What is missing at the end of a line counts as spaces. */
function uuBytes(line: string): Uint8Array {
  const bits = (at: number): number => ((at < line.length ? line.charCodeAt(at) : 32) - 32) & 63;
  const bytes = new Uint8Array(bits(0));
  for (let at = 0, from = 1; at < bytes.length; at += 3, from += 4) {
    const three = (bits(from) << 18) | (bits(from + 1) << 12) | (bits(from + 2) << 6) | bits(from + 3);
    bytes.set([three >> 16, (three >> 8) & 255, three & 255].slice(0, bytes.length - at), at);
  }
  return bytes;
}

class Base64Decoder implements TransferDecoder {
  readonly #output: Output;
  #held = '';

  constructor(output: Output) {
    this.#output = output;
  }

  line(line: Uint8Array): void {
    const text = this.#held + asciiText(line).replace(/[^A-Za-z0-9+/]+/g, '');
    const whole = text.length - (text.length % 4);
    this.#held = text.slice(whole);
    if (whole > 0) this.#output(Buffer.from(text.slice(0, whole), 'base64'));
  }

  end(): void {
    if (this.#held.length > 1) this.#output(Buffer.from(this.#held, 'base64'));
    this.#held = '';
  }
}

class QuotedPrintableDecoder implements TransferDecoder {
  readonly #output: Output;
  #hasLineEnd = false;

  constructor(output: Output) {
    this.#output = output;
  }

  line(line: Uint8Array, isCut: boolean): void {
    const text = isCut ? asciiText(line) : asciiText(line).trimEnd();
    const isSoft = text.endsWith('=');
    const decoded = (isSoft ? text.slice(0, -1) : text).replace(/=(?<code>[0-9a-fA-F]{2})/g, (_all, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (this.#hasLineEnd) this.#output(lineEnd);
    if (decoded !== '') this.#output(Buffer.from(decoded, 'latin1'));
    this.#hasLineEnd = !isSoft && !isCut;
  }

  end(): void {
    this.#hasLineEnd = false;
  }
}
