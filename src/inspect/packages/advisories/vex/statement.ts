/** Status of a vulnerability in a product, in OpenVEX's words. */
export const vexStatuses = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
export type VexStatus = (typeof vexStatuses)[number];

/** What somebody says about one vulnerability in one product, or in a part of a product. */
export interface VexStatement {
  /** All names that it is known by. */
  readonly vulnerability: readonly string[];
  /** Package URL of the product; one without a version means all of them. */
  readonly product: string;
  /** Package URLs of the parts that it is about; empty: the product itself. */
  readonly parts: readonly string[];
  readonly status: VexStatus;
  /** Justification or impact, as it is written; empty when none is. */
  readonly why: string;
  /** ISO 8601; later statements count more. */
  readonly time: string;
  /** File, and who says so. */
  readonly from: string;
}
