/** A binary XML fragment as a tree, with places for the values of a record ([MS-EVEN6] 2.2.12). */
export interface ElementNode {
  readonly name: string;
  readonly attributes: readonly AttributeNode[];
  readonly content: readonly ContentNode[];
}

export interface AttributeNode {
  readonly name: string;
  readonly parts: readonly Part[];
}

export type ContentNode = ElementNode | InstanceNode | Part;

/** Text that stands there, or a value of the record. */
export type Part = TextPart | SlotPart;

export interface TextPart {
  readonly text: string;
}

export interface SlotPart {
  /** Index of the record's value. */
  readonly slot: number;
}

/** A template with its own values, in place of an element. */
export interface InstanceNode {
  /** Offset of the template's definition in the chunk. */
  readonly definition: number;
  readonly values: Values;
}

/** Values of a template instance: where each stands in the chunk. */
export class Values {
  readonly count: number;
  readonly types: Uint8Array;
  readonly starts: Uint32Array;
  readonly sizes: Uint16Array;

  constructor(count: number) {
    this.count = count;
    this.types = new Uint8Array(count);
    this.starts = new Uint32Array(count);
    this.sizes = new Uint16Array(count);
  }
}

export const noValues = new Values(0);

export function isElement(node: ContentNode): node is ElementNode {
  return 'content' in node;
}

export function isInstance(node: ContentNode): node is InstanceNode {
  return 'definition' in node;
}
