import { z } from 'zod';
import { entityKinds } from '../events/entity.ts';
import { kindIds } from '../events/event.ts';
import { severities } from '../events/finding.ts';

/** The one declaration of what `--json` prints: types, JSON Schema and reference come from here. Keys are only ever added. */

const time = z.iso.datetime({ precision: 6 }).describe('ISO 8601, UTC, microseconds: `2026-11-25T18:22:01.000042Z`.');
const severity = z.enum(severities);
const entity = z
  .strictObject({
    kind: z.enum(entityKinds),
    value: z.string(),
    about: z.string().optional().describe('In an incident: who or what it is, as far as that is known.'),
  })
  .describe('A thing that findings are about. `host` is a machine of ours; `address` and `domain` are the far side.');
const techniques = z.array(z.string()).describe('ATT&CK technique ids.');
const whole = z.int().min(0);

const evidence = z.strictObject({
  path: z.string().describe('As given; names inside archives after `!`.'),
  sha256: z.string().describe('SHA-256 of the file; empty for what is no file (a place in an inspection).'),
  source: z.string().nullable().describe('Source that reads it; null when none knows the format.'),
  events: z.partialRecord(z.enum(kindIds), whole).describe('Stored events by kind.'),
  problems: whole.describe('How often something in it could not be read.'),
  size: whole.describe('Bytes.'),
  is_complete: z.boolean().describe('False when reading stopped before its end.'),
});

const finding = z.strictObject({
  id: z.string().describe('Stable over runs.'),
  detector: z.string().describe('`family/plugin` or `family/plugin/rule-id`.'),
  title: z.string(),
  severity,
  score: z.number().min(0).max(1).describe('Strength of the claim.'),
  first_seen: time,
  last_seen: time,
  entities: z.array(entity),
  attack: techniques,
  reasons: z
    .array(
      z.strictObject({
        what: z.string(),
        value: z.string(),
        weight: z.number().optional().describe('Share of the score; absent for plain facts.'),
      }),
    )
    .describe('Named parts of the score, with the numbers they came from.'),
  evidence: z
    .array(
      z.strictObject({
        path: z.string(),
        at: whole.describe('Line, record or packet, from 1.'),
      }),
    )
    .describe('Where the proof stands; at most 20 places.'),
  count: whole.describe('Events behind it.'),
  vanishes: z
    .string()
    .describe('What would have to be different, as the end of a sentence that begins `It would vanish if`.'),
  next: z.string().describe('What to look at or do.'),
  series: z
    .array(
      z.strictObject({
        title: z.string(),
        unit: z.string().describe('What the values count: `calls`, `bytes`, `names`.'),
        bins: z.array(z.strictObject({ label: z.string(), value: z.number() })).describe('In the order of the axis.'),
      }),
    )
    .optional()
    .describe('Numbers behind it that are better seen than read, for charts.'),
  sentence: z.string().optional().describe('What happened, as one sentence of a story.'),
});

const incident = z.strictObject({
  id: z.string().describe('Stable over runs.'),
  title: z.string(),
  risk: z.int().min(0).max(100),
  severity,
  first_seen: time,
  last_seen: time,
  entities: z.array(entity),
  attack: techniques,
  findings: z.array(z.string()).describe('Ids of its findings.'),
  story: z
    .array(z.strictObject({ time, text: z.string(), finding: z.string().describe('Id of the finding that tells it.') }))
    .describe('In time order.'),
  risk_parts: z
    .array(z.strictObject({ what: z.string(), value: z.string(), points: z.number() }))
    .describe('What the risk is the sum of.'),
  next: z.array(z.string()).describe('What to do, most useful first.'),
  links: z
    .array(z.strictObject({ from: z.string(), to: z.string(), why: z.string(), weight: z.number().min(0).max(1) }))
    .describe('Why its findings belong together: pairs of finding ids.'),
});

export const reportSchema = z
  .strictObject({
    schema: z.literal('vakthund.report/1'),
    case: z.string().describe('Folder of the case.'),
    evidence: z.array(evidence),
    incidents: z.array(incident).describe('Highest risk first.'),
    findings: z.array(finding).describe('All of them, also those in incidents; most severe first.'),
    problems: z
      .array(
        z.strictObject({
          code: z.string(),
          at: z.string().describe('`path:line`, `path@byte`, or as much of it as is known.'),
          message: z.string(),
          hint: z.string().nullable(),
          count: whole.describe('How many alike it stands for.'),
        }),
      )
      .describe('What could not be read or checked. No finding never means clean when something was not seen.'),
    not_checked: z.array(z.strictObject({ what: z.string(), why: z.string() })),
    span: z
      .strictObject({ first_seen: time, last_seen: time })
      .nullable()
      .describe('First and last stored event; null without events.'),
    suppressed: z
      .array(
        z.strictObject({
          finding: z.string().describe('Id that it would have among the findings.'),
          detector: z.string(),
          title: z.string(),
          severity,
          entities: z.array(entity),
          by: z.string().describe('Id of the suppression.'),
          reason: z.string(),
          author: z.string(),
          expires: z.iso.date().nullable().describe('First day on which it no longer holds; null for never.'),
        }),
      )
      .optional()
      .describe('What was found and is not told, because somebody said so.'),
    part: z
      .strictObject({
        since: time.nullable(),
        until: time.nullable(),
        only: z.array(z.string()),
        skip: z.array(z.string()),
        incidents: z.array(z.string()).optional().describe('Ids of the incidents that were asked for by name.'),
      })
      .optional()
      .describe('Present when findings outside of it are left out; evidence and problems are always whole.'),
    ran: z.array(z.string()).optional().describe('Detectors that were run, where that is known.'),
  })
  .describe('Verdict of Vakthund over a case.');

export type Report = z.infer<typeof reportSchema>;
export type ReportFinding = Report['findings'][number];
export type ReportIncident = Report['incidents'][number];
export type ReportSuppressed = NonNullable<Report['suppressed']>[number];
export type ReportProblem = Report['problems'][number];
