/** One vulnerability of one package, as another scanner reports it. */
export interface ReportedRow {
  readonly id: string;
  /** Other names that the report gives. */
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly fixed: string | undefined;
  /** In small letters, in the scanner's own words: `negligible`, `moderate`. */
  readonly severity?: string;
  /** File that the package was seen in. */
  readonly location?: string;
  /** The match is a guess from NVD's names of products (CPE), not advice on this package. */
  readonly isByCpe: boolean;
}

/** What a report says that it is about; empty where it does not tell. */
export interface ReportTarget {
  readonly name?: string;
  /** Digest of the image's configuration: docker's image id. */
  readonly imageId?: string;
  /** Digests of its manifest, of every registry. */
  readonly manifests: readonly string[];
  /** `alpine 3.11.5`. */
  readonly system?: string;
}

/** What another scanner said about an image. */
export interface ScannerReport {
  /** Name of the scanner, with its version where it tells it. */
  readonly scanner: string;
  readonly path: string;
  /** ISO 8601; undefined when the report does not tell when it was made. */
  readonly createdAt: string | undefined;
  readonly target: ReportTarget;
  readonly rows: readonly ReportedRow[];
  /** Names of all packages that it saw, for reports that list them. */
  readonly packages?: ReadonlySet<string>;
  /** Results that name no vulnerability or no package: secrets, settings, licences. */
  readonly unread: number;
}
