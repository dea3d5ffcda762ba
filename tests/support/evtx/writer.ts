import { tokens } from '../../../src/collect/sources/evtx/binxml/tokens.ts';

/** An element as a test writes it down; a piece of content is text, a value of the record, or another element. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, Piece>>;
  readonly content?: readonly (Element | Piece)[];
}
export type Piece = string | { readonly slot: number } | { readonly entity: string } | { readonly cdata: string };

/** A value of a record: type and bytes. */
export interface Value {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Writes binary XML as Windows lays it out in a chunk: names and templates stand where they are first used. */
export class BinXmlWriter {
  readonly bytes: Buffer;
  at: number;
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<Element, number>();

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  u8(value: number): void {
    this.at = this.bytes.writeUInt8(value, this.at);
  }

  u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  fragmentHeader(): void {
    this.raw(Buffer.from([tokens.fragmentHeader, 1, 1, 0]));
  }

  /** An instance of a template, which is written with the first instance. */
  instance(root: Element, values: readonly Value[]): void {
    this.u8(tokens.templateInstance);
    this.u8(1);
    this.u32(0x1234);
    const known = this.#templates.get(root);
    this.u32(known ?? this.at + 4);
    if (known === undefined) this.#definition(root);
    this.u32(values.length);
    for (const { type, bytes } of values) {
      this.u16(bytes.length);
      this.u8(type);
      this.u8(0);
    }
    for (const { bytes } of values) this.raw(bytes);
  }

  element(element: Element, hasDependency: boolean): void {
    const attributes = Object.entries(element.attributes ?? {});
    this.u8(tokens.openElement | (attributes.length > 0 ? 0x40 : 0));
    if (hasDependency) this.u16(0xffff);
    const sizeAt = this.#reserve();
    this.#name(element.name);
    if (attributes.length > 0) {
      const listAt = this.#reserve();
      for (const [index, [name, piece]] of attributes.entries()) {
        this.u8(tokens.attribute | (index + 1 < attributes.length ? 0x40 : 0));
        this.#name(name);
        this.#piece(piece);
      }
      this.#fill(listAt);
    }
    if (element.content === undefined) this.u8(tokens.closeEmptyElement);
    else {
      this.u8(tokens.closeStartTag);
      for (const part of element.content) {
        if (typeof part === 'object' && 'name' in part) this.element(part, hasDependency);
        else this.#piece(part);
      }
      this.u8(tokens.endElement);
    }
    this.#fill(sizeAt);
  }

  #definition(root: Element): void {
    this.#templates.set(root, this.at);
    this.u32(0);
    this.raw(Buffer.alloc(16, 0x77));
    const sizeAt = this.#reserve();
    this.fragmentHeader();
    this.element(root, true);
    this.u8(tokens.endOfFragment);
    this.#fill(sizeAt);
  }

  #piece(piece: Piece): void {
    if (typeof piece === 'string') {
      this.u8(tokens.value);
      this.u8(1);
      this.#text(piece);
    } else if ('slot' in piece) {
      this.u8(tokens.optionalSubstitution);
      this.u16(piece.slot);
      this.u8(1);
    } else if ('entity' in piece) {
      this.u8(tokens.entityReference);
      this.#name(piece.entity);
    } else {
      this.u8(tokens.cdata);
      this.#text(piece.cdata);
    }
  }

  #text(text: string): void {
    this.u16(text.length);
    this.raw(Buffer.from(text, 'utf16le'));
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    this.u32(known ?? this.at + 4);
    if (known !== undefined) return;
    this.#names.set(name, this.at);
    this.u32(0);
    this.u16(0);
    this.#text(name);
    this.u16(0);
  }

  #reserve(): number {
    this.at += 4;
    return this.at - 4;
  }

  #fill(sizeAt: number): void {
    this.bytes.writeUInt32LE(this.at - sizeAt - 4, sizeAt);
  }
}
