import { z } from 'zod';
import { parseCidr } from '../base/ip.ts';
import type { Analytic } from '../detect/analytic.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import { scopeKeys } from '../incidents/suppress/scope.ts';
import type { Silencing } from '../incidents/suppress/suppression.ts';

const cidr = z.string().refine((text) => parseCidr(text) !== undefined, 'is not a network such as 10.0.0.0/8');
const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const analyticIds: ReadonlySet<string> = new Set(Object.values<Analytic>(analytics).map(({ id }) => `analytics/${id}`));
/** Other families have plug-ins and rules that come and go. */
const detector = z
  .string()
  .refine((id) => !id.startsWith('analytics/') || analyticIds.has(id), 'is no detector: docs/reference/analytics.md');

const allowed = z
  .strictObject({
    detector: detector.optional().describe(scopeKeys.detector),
    destination: oneOrMore.optional().describe(scopeKeys.destination),
    domain: oneOrMore.optional().describe(scopeKeys.domain),
    fingerprint: oneOrMore.optional().describe(scopeKeys.fingerprint),
    user: oneOrMore.optional().describe(scopeKeys.user),
    executable: oneOrMore.optional().describe(scopeKeys.executable),
    reason: z.string().min(1).describe('Why it is allowed.'),
    expires: z.iso.date().optional().describe('First day on which it is not allowed any more.'),
  })
  .refine(
    ({ reason: _reason, expires: _expires, ...scope }) => Object.values(scope).some((value) => value !== undefined),
    {
      message: 'it names nothing that is allowed',
    },
  );

/** What is ordinary in a part of the network. */
export const zonesSchema = z.record(
  z.string().regex(/^[\w.-]{1,60}$/),
  z.strictObject({
    networks: z.array(cidr).min(1).describe('Addresses of its machines.'),
    thresholds: z
      .record(detector, z.number().gt(0).max(1))
      .default({})
      .describe('Score by detector from which a finding about something that a machine of the zone does is told.'),
    allow: z.array(allowed).max(1000).default([]).describe('What machines of the zone may do.'),
  }),
);

type Zones = z.infer<typeof zonesSchema>;

/** Zones as what silences, so that a threshold or an allowed thing is shown in reports as every suppression is. */
export function silencingOf(zones: Zones): Silencing[] {
  return Object.entries(zones).flatMap(([zone, { networks, thresholds, allow }]) => {
    const common = { from: networks, author: 'settings' };
    return [
      ...Object.entries(thresholds).map(([id, below]) => ({
        ...common,
        id: `zone ${zone}, threshold of ${id}`,
        detector: id,
        below,
        reason: `scores less than ${below}`,
      })),
      ...allow.map((entry, index) => ({ ...common, id: `zone ${zone}, allowed ${index + 1}`, ...entry })),
    ];
  });
}
