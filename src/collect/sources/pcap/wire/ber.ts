import { childrenOf, contentOf, readElement, type DerElement } from '../../../../base/der.ts';
import { wireText } from './text.ts';

/** Elements of one message that are looked at. */
const maxElements = 200;

/** An element of BER with what it holds, for messages that are small and read whole. */
export class BerNode {
  readonly #bytes: Uint8Array;
  readonly #element: DerElement;

  constructor(bytes: Uint8Array, element: DerElement) {
    this.#bytes = bytes;
    this.#element = element;
  }

  static read(bytes: Uint8Array): BerNode | undefined {
    const element = readElement(bytes, 0, bytes.length);
    return element === undefined ? undefined : new BerNode(bytes, element);
  }

  get tag(): number {
    return this.#element.tag;
  }

  get content(): Uint8Array {
    return contentOf(this.#bytes, this.#element);
  }

  get children(): BerNode[] {
    return childrenOf(this.#bytes, this.#element, maxElements).map((child) => new BerNode(this.#bytes, child));
  }

  /** The child at a place; undefined when there are fewer. */
  at(index: number): BerNode | undefined {
    return this.children[index];
  }

  /** The first child with a context tag `[n]`, and what it wraps. */
  context(number: number): BerNode | undefined {
    return this.children.find(({ tag }) => tag === 0xa0 + number)?.at(0);
  }

  get text(): string {
    return wireText(this.content);
  }

  /** A whole number that fits 48 bits; undefined for others. */
  get number(): number | undefined {
    const { content } = this;
    if (content.length === 0 || content.length > 6) return undefined;
    return Buffer.from(content).readIntBE(0, content.length);
  }
}
