import { createLocalNetworks } from '../base/networks.ts';
import { defaultOpenLimits, type OpenLimits } from '../collect/open/limits.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';

export interface CaseSettings {
  readonly localNetworks: readonly string[];
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
  /** The process stays, and works beside others. */
  readonly returnsMemory?: boolean;
  readonly bulkMinBytes: number;
  /** Hot rows of a kind above which they are moved into sealed parts after ingesting. */
  readonly sealRows: number;
  readonly limits: OpenLimits;
  /** Lists of the organisation's machines, people and networks: absolute paths. */
  readonly assetFiles: readonly string[];
  /** Files that describe logs of somebody's own: absolute paths. */
  readonly mappingFiles: readonly string[];
  /** Settings of each analytic, by id. */
  readonly analytics: Readonly<Record<string, unknown>>;
  /** What the settings of zones silence, after the suppressions of the case. */
  readonly silencing: readonly Silencing[];
  /** Paths of Sigma's processing pipelines for the rules of a request. */
  readonly pipelines: readonly string[];
}

export const defaultCaseSettings: CaseSettings = {
  localNetworks: createLocalNetworks().cidrs,
  memoryBytes: undefined,
  threads: undefined,
  bulkMinBytes: 8_000_000,
  sealRows: 1_000_000,
  limits: defaultOpenLimits,
  assetFiles: [],
  mappingFiles: [],
  analytics: {},
  silencing: [],
  pipelines: [],
};
