import { wireText } from '../../wire/text.ts';

export interface TelnetHandler {
  /** Text between commands. */
  text(bytes: Uint8Array): void;
  /** An option is offered, asked for or refused. */
  option(): void;
  terminal(name: string): void;
}

const interpretAsCommand = 255;
const subnegotiation = 250;
const subnegotiationEnd = 240;
const firstNegotiation = 251;
const optionTerminal = 24;
const maxSubnegotiationBytes = 256;
const carriageReturn = 13;

type State = 'text' | 'command' | 'option' | 'inside' | 'inside-command';

/** Parts the text of one side of a Telnet connection from its commands (RFC 854). */
export class TelnetText {
  readonly #handler: TelnetHandler;
  readonly #inside: number[] = [];
  #state: State = 'text';
  #wasReturn = false;

  constructor(handler: TelnetHandler) {
    this.#handler = handler;
  }

  data(bytes: Uint8Array): void {
    const text = new Uint8Array(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (this.#state === 'text' && byte !== interpretAsCommand) {
        // CR NUL ends a line as CR LF does.
        text[length++] = byte === 0 && this.#wasReturn ? 10 : byte;
        this.#wasReturn = byte === carriageReturn;
      } else this.#command(byte);
    }
    if (length > 0) this.#handler.text(text.subarray(0, length));
  }

  #command(byte: number): void {
    switch (this.#state) {
      case 'text':
        this.#state = 'command';
        break;
      case 'command':
        if (byte === subnegotiation) this.#state = 'inside';
        else this.#state = byte >= firstNegotiation && byte < interpretAsCommand ? 'option' : 'text';
        break;
      case 'option':
        this.#handler.option();
        this.#state = 'text';
        break;
      case 'inside':
        if (byte === interpretAsCommand) this.#state = 'inside-command';
        else if (this.#inside.length < maxSubnegotiationBytes) this.#inside.push(byte);
        break;
      case 'inside-command':
        this.#state = byte === subnegotiationEnd ? 'text' : 'inside';
        if (this.#state === 'text') this.#subnegotiated();
    }
  }

  /** The name of the terminal stands behind `IS`, which is 0 (RFC 1091). */
  #subnegotiated(): void {
    const bytes = Uint8Array.from(this.#inside.splice(0));
    if (bytes[0] === optionTerminal && bytes[1] === 0) this.#handler.terminal(wireText(bytes.subarray(2)));
  }
}
