import { asciiText } from '../wire/text.ts';

/** Undoes a Content-Transfer-Encoding line by line (RFC 2045, 6). */
export interface TransferDecoder {
  /** One line, or a piece of one when `isCut`, without its end. */
  line(line: Uint8Array, isCut: boolean): void;
  end(): void;
}

type Output = (bytes: Uint8Array) => void;

const lineEnd = Buffer.from('\r\n');

/** The decoder for an encoding's name; lines as they are for one that is not known. The line end before a boundary belongs to the boundary. */
export function transferDecoder(encoding: string | undefined, output: Output): TransferDecoder {
  switch (encoding?.trim().toLowerCase()) {
    case 'base64':
      return new Base64Decoder(output);
    case 'quoted-printable':
      return new QuotedPrintableDecoder(output);
    case undefined:
    default:
      return new IdentityDecoder(output);
  }
}

class IdentityDecoder implements TransferDecoder {
  readonly #output: Output;
  #hasLineEnd = false;

  constructor(output: Output) {
    this.#output = output;
  }

  line(line: Uint8Array, isCut: boolean): void {
    if (this.#hasLineEnd) this.#output(lineEnd);
    if (line.length > 0) this.#output(line);
    this.#hasLineEnd = !isCut;
  }

  end(): void {
    this.#hasLineEnd = false;
  }
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
