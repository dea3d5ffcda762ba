/** A golden report of Trivy, as far as it is compared. */
export interface GoldenReport {
  readonly ArtifactName?: string;
  readonly Results?: readonly {
    readonly Target: string;
    readonly Class?: string;
    readonly Type?: string;
    readonly Vulnerabilities?: readonly {
      readonly VulnerabilityID: string;
      readonly PkgName: string;
      readonly InstalledVersion: string;
      readonly FixedVersion?: string;
      readonly PkgIdentifier?: { readonly PURL?: string };
    }[];
    readonly Misconfigurations?: readonly { readonly ID: string }[];
    readonly Secrets?: readonly { readonly RuleID: string; readonly Category: string; readonly StartLine: number }[];
    readonly Licenses?: readonly { readonly PkgName: string; readonly Name: string }[];
  }[];
  readonly Metadata?: { readonly OS?: { readonly Family: string; readonly Name: string } };
}

export interface GoldenFault {
  readonly got: string;
  readonly want: string;
}
