import { z } from 'zod';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { callerOf, entitiesOf, systemText } from '../../contacts/finding.ts';
import { detailsOf, type ContactDetails } from '../../contacts/traits.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { loneContacts, toLoneContact, type LoneContact } from './lone-contacts.ts';

const settings = z.strictObject({
  min_machines: z
    .number()
    .int()
    .min(3)
    .default(10)
    .describe('Machines of ours that must be seen before one alone is rare.'),
  max_of_machine: z
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('Lone destinations of one machine above which it is simply a different machine, and nothing is told.'),
  min_score: z.number().min(0).max(1).default(0.25).describe('Destinations below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'rare',
  title: 'Rare',
  description:
    'Destinations that one machine of many calls, in an autonomous system or country that no other calls, with a client (TLS fingerprint or user agent) that no other shows. Both sides have to be rare: every machine has destinations of its own, and a program of its own, but seldom one with the other. A machine with many such destinations is a different machine, and is left out. Never more than low: it goes with other findings.',
  reads: ['flow', 'tls', 'quic', 'http'],
  attack: ['T1071'],
  guide: ['B12', 'B15', 'B16'],
  references: ['https://attack.mitre.org/techniques/T1071/'],
  settings,
  async *run({ store, timeCondition, settings: set, notChecked }) {
    const rows = await store.query(loneContacts(store.macros, timeCondition, set.max_of_machine));
    const machines = Number(rows[0]?.['machines'] ?? 0);
    if (machines < set.min_machines) {
      const few = machines === 1 ? 'one machine is' : `${machines} machines are`;
      if (machines > 0) notChecked(`${few} too few to tell what is rare`);
      return;
    }
    for (const contact of rows.filter((row) => row['source'] !== null).map(toLoneContact)) {
      const details = await detailsOf(store, contact);
      const judged = judge(contact, details, machines);
      if (judged.score >= set.min_score) yield toFinding(contact, details, judged);
    }
  },
});

/** Rarity by itself is no more than low. */
const most = 0.44;

function judge(
  contact: LoneContact,
  details: ContactDetails,
  machines: number,
): { readonly score: number; readonly reasons: readonly Reason[] } {
  const ofAll = `this machine alone of ${machines}`;
  const system = contact.asn === null ? undefined : systemText(contact.asn, details.organisation);
  const clients = details.traits.filter(({ hosts }) => hosts === 1).slice(0, 2);
  const places: Reason[] = [
    { what: 'destination', value: `${contact.place}: ${ofAll}`, weight: 0.08 },
    ...(system !== undefined && contact.isLoneSystem
      ? [{ what: 'autonomous system', value: `${system}: ${ofAll}`, weight: 0.1 }]
      : []),
    ...(contact.country !== null && contact.isLoneCountry
      ? [{ what: 'country', value: `${contact.country}: ${ofAll}`, weight: 0.12 }]
      : []),
  ];
  const reasons = roundedReasons([
    ...places,
    ...clients.map(({ kind, value }) => ({
      what: kind === 'fingerprint' ? 'TLS fingerprint' : 'user agent',
      value: `${value}: ${ofAll}`,
      weight: 0.1,
    })),
    { what: 'calls', value: `${contact.calls} on ${contact.days} ${contact.days === 1 ? 'day' : 'days'}` },
  ]);
  const isBoth = places.length > 1 && clients.length > 0;
  return { score: isBoth ? Math.min(most, sumOfReasons(reasons)) : 0, reasons };
}

function toFinding(
  contact: LoneContact,
  details: ContactDetails,
  { score, reasons }: ReturnType<typeof judge>,
): Finding {
  const caller = callerOf(contact);
  return makeFinding({
    about: [contact.source, contact.place],
    detector: 'analytics/rare',
    title: `${caller} alone calls ${contact.place}, with a client of its own`,
    sentence: `${caller} called ${contact.place}, which no other machine does`,
    severity: severityOf(score),
    score,
    first_seen: contact.first,
    last_seen: contact.last,
    entities: entitiesOf(
      contact,
      details,
      details.traits.filter(({ hosts }) => hosts === 1),
    ),
    attack: ['T1071'],
    reasons,
    evidence: details.evidence,
    count: contact.calls,
    vanishes: 'other machines call it too, or show the same client',
    next: `find the program on ${caller} that calls ${contact.place}, and who installed it`,
  });
}
