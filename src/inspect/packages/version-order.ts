/** How the versions of one ecosystem are ordered. */
export interface VersionOrder<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What the order says and where it is specified: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** OSV ecosystems that use it, without their release: `Debian`, `PyPI`. */
  readonly ecosystems: readonly string[];
  /** Whether the text is a version of this ecosystem; the order itself is total, also over what is none. */
  isValid(version: string): boolean;
  /** Below 0, 0 or above 0. Reflexive, antisymmetric, transitive over all texts. Must not throw, and take time linear in the length. */
  compare(left: string, right: string): number;
}

/** Checks an order while keeping its literal id. */
export function defineVersionOrder<const Id extends string>(order: VersionOrder<Id>): VersionOrder<Id> {
  return order;
}
