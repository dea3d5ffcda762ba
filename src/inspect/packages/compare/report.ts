/** One vulnerability of one package, as another scanner reports it. */
export interface ReportedRow {
  readonly id: string;
  /** Other names that the report gives. */
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly fixed: string | undefined;
  /** The match is a guess from NVD's names of products (CPE), not advice on this package. */
  readonly isByCpe: boolean;
}

/** What another scanner said about an image. */
export interface ScannerReport {
  /** Name of the scanner, with its version where it tells it. */
  readonly scanner: string;
  readonly path: string;
  /** ISO 8601; undefined when the report does not tell when it was made. */
  readonly createdAt: string | undefined;
  readonly rows: readonly ReportedRow[];
}
