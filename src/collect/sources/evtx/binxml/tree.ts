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

/** Values of a template instance: where they are described in the chunk, and where each of them stands. */
export interface Values {
  /** Offset of the descriptors: size (2 bytes), type, nothing. */
  readonly descriptors: number;
  readonly starts: readonly number[];
}

export const noValues: Values = { descriptors: 0, starts: [] };

export function isElement(node: ContentNode): node is ElementNode {
  return 'content' in node;
}

export function isInstance(node: ContentNode): node is InstanceNode {
  return 'definition' in node;
}
