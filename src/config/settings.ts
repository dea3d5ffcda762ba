import { z } from 'zod';
import { defaultLocalNetworks } from '../base/networks.ts';
import { parseCidr } from '../base/ip.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import type { Analytic } from '../detect/analytic.ts';
import { silencingOf, zonesSchema } from './zones.ts';
import { defaultCaseSettings, type CaseSettings } from '../case/case-settings.ts';

const cidr = z.string().refine((text) => parseCidr(text) !== undefined, 'is not a network such as 10.0.0.0/8');

const keepDays = (what: string) => z.number().int().min(0).max(36_500).default(0).describe(what);

const keepBytes = (what: string) => z.number().int().min(0).default(0).describe(what);

const analyticList: readonly Analytic[] = Object.values(analytics);

/** Everything that can be set in `vakthund.yaml`: each room's own part, put together. Unknown keys are errors. */
export const settingsSchema = z.strictObject({
  version: z.literal(1).default(1).describe('Version of this file.'),
  networks: z
    .strictObject({
      local: z
        .array(cidr)
        .default([...defaultLocalNetworks])
        .describe('Networks that are ours, in CIDR notation.'),
    })
    .prefault({})
    .describe('The organisation and its networks.'),
  assets: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Lists of machines, people and networks with owner, role, criticality and zone: CSV, YAML or JSON, beside this file.',
    ),
  mappings: z
    .array(z.string().min(1))
    .default([])
    .describe('Files that say how logs of your own are read; beside this file.'),
  store: z
    .strictObject({
      memory_bytes: z
        .number()
        .int()
        .min(100_000_000)
        .optional()
        .describe('Memory for queries before they spill to disk; default half of the machine, at most 2 GB.'),
      threads: z.number().int().min(1).max(256).optional().describe('Threads for queries; default all.'),
      bulk_min_bytes: z
        .number()
        .int()
        .min(0)
        .default(defaultCaseSettings.bulkMinBytes)
        .describe('Content size from which a log is loaded by columns.'),
      seal_rows: z
        .number()
        .int()
        .min(0)
        .default(defaultCaseSettings.sealRows)
        .describe('Hot rows of a kind above which they are sealed to Parquet.'),
    })
    .prefault({})
    .describe('How the case is stored.'),
  open: z
    .strictObject({
      depth: z.number().int().min(0).max(16).default(defaultOpenLimits.depth).describe('Archives inside archives.'),
      members: z.number().int().min(1).default(defaultOpenLimits.members).describe('Members read of one archive.'),
      suspicious_bytes: z
        .number()
        .int()
        .min(0)
        .default(defaultOpenLimits.suspiciousBytes)
        .describe('Output of a compressed stream from which its ratio is looked at.'),
      suspicious_ratio: z
        .number()
        .min(1)
        .default(defaultOpenLimits.suspiciousRatio)
        .describe('Expansion that stops such a stream.'),
      spool_bytes: z
        .number()
        .int()
        .min(0)
        .default(defaultOpenLimits.spoolBytes)
        .describe('Disk that one archive may take while it is read.'),
    })
    .prefault({})
    .describe('Bounds for compressed and packed evidence.'),
  zones: zonesSchema
    .default({})
    .describe('What is ordinary in parts of the network, by a name of yours: thresholds and what is allowed.'),
  rules: z
    .strictObject({
      pipelines: z
        .array(z.string().min(1))
        .default([])
        .describe('Processing pipelines of Sigma for rules of yours; relative to the file that names them.'),
    })
    .prefault({})
    .describe('Detection rules.'),
  watch: z
    .strictObject({
      keep_days: z
        .strictObject({
          application: keepDays('Records of applications and containers: kind `log`.'),
          system: keepDays('Records of systems: kind `log`, which goes when the longest of its three classes says so.'),
          performance: keepDays('Records about performance: kind `log`.'),
          security: keepDays('What happened on machines, and alerts of other tools.'),
          network: keepDays('Connections and what they carried.'),
        })
        .prefault({})
        .describe(
          'Days after which a watch forgets events, by class; 0 is never. What they were read from stays in the ledger.',
        ),
      keep_bytes: z
        .strictObject({
          application: keepBytes('Records of applications and containers: kind `log`.'),
          system: keepBytes('Records of systems: kind `log`, which may take what its three classes may take together.'),
          performance: keepBytes('Records about performance: kind `log`.'),
          security: keepBytes('What happened on machines, and alerts of other tools.'),
          network: keepBytes('Connections and what they carried.'),
        })
        .prefault({})
        .describe(
          'Disk that sealed events of a class may take before a watch forgets the oldest, such as 20e9; 0 is no bound.',
        ),
    })
    .prefault({})
    .describe('What a watch keeps.'),
  analytics: z
    .strictObject(Object.fromEntries(analyticList.map((analytic) => [analytic.id, analytic.settings.optional()])))
    .prefault({})
    .describe('Thresholds of the analytics, by id.'),
});

export type Settings = z.infer<typeof settingsSchema>;

export function toCaseSettings(settings: Settings): CaseSettings {
  return {
    localNetworks: settings.networks.local,
    memoryBytes: settings.store.memory_bytes,
    threads: settings.store.threads,
    bulkMinBytes: settings.store.bulk_min_bytes,
    sealRows: settings.store.seal_rows,
    limits: {
      depth: settings.open.depth,
      members: settings.open.members,
      suspiciousBytes: settings.open.suspicious_bytes,
      suspiciousRatio: settings.open.suspicious_ratio,
      spoolBytes: settings.open.spool_bytes,
    },
    assetFiles: settings.assets,
    mappingFiles: settings.mappings,
    analytics: settings.analytics,
    silencing: silencingOf(settings.zones),
    pipelines: settings.rules.pipelines,
  };
}
