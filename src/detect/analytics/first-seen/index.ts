import { z } from 'zod';
import { formatDuration, microsPerDay } from '../../../base/time.ts';
import type { Finding } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import type { NewContact } from '../../contacts/contact.ts';
import { findNew } from '../../contacts/find-new.ts';
import { callerOf, entitiesOf } from '../../contacts/finding.ts';
import { countSources, readContacts } from '../../contacts/read-contacts.ts';
import { detailsOf, type ContactDetails } from '../../contacts/traits.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { newTraits, roughScore, scoreContact } from './score.ts';

const settings = z.strictObject({
  learning_days: z
    .number()
    .min(1)
    .default(7)
    .describe('Days for which a machine or program must have been seen before something new is told of it.'),
  min_score: z.number().min(0).max(1).default(0.25).describe('Contacts below this make no finding.'),
});

/** Contacts whose details are read, and findings of one source: more is a change of the network. */
const maxContacts = 200;
const maxOfSource = 3;
/** What details may add to a contact. */
const detailsWorth = 0.16;

export const analytic = defineAnalytic({
  id: 'first-seen',
  title: 'First seen',
  description:
    'Machines and programs that call a place outside for the first time after they were learnt for a week: a destination, an autonomous system, a country, with a TLS fingerprint or user agent that they had not shown. Each counts by how seldom something new of its kind comes up there (a server that never has news is told, a workstation that has thirty a day is not), and more where nobody else has it either. News is no proof: it is never more than low, and is there to go with other findings.',
  reads: ['flow', 'tls', 'quic', 'http', 'socket'],
  countsCalls: true,
  attack: ['T1071'],
  guide: ['B12', 'B15', 'B16'],
  references: ['https://attack.mitre.org/techniques/T1071/'],
  settings,
  async *run({ store, since, until, settings: set, notChecked }) {
    const learning = set.learning_days * microsPerDay;
    const bounds = { learning, since: since ?? 0, until: until ?? Number.MAX_SAFE_INTEGER };
    const { sources, learnt } = await countSources(store, learning);
    if (learnt === 0) {
      if (sources > 0) notChecked(`still learning: no machine was seen for ${formatDuration(learning)} yet`);
      return;
    }
    const news = await findNew(readContacts(store), bounds);
    const worthy = news
      .map((contact) => ({ contact, rough: roughScore(contact) }))
      .filter(({ rough }) => rough + detailsWorth >= set.min_score)
      .sort((a, b) => b.rough - a.rough || a.contact.first - b.contact.first);
    const told = new Map<string, number>();
    for (const { contact } of worthy.slice(0, maxContacts)) {
      const times = told.get(contact.source) ?? 0;
      if (times >= maxOfSource) continue;
      const details = await detailsOf(store, contact);
      const judged = scoreContact(contact, details);
      if (judged.score < set.min_score) continue;
      told.set(contact.source, times + 1);
      yield toFinding(contact, details, judged);
    }
  },
});

function toFinding(
  contact: NewContact,
  details: ContactDetails,
  { score, reasons }: ReturnType<typeof scoreContact>,
): Finding {
  const caller = callerOf(contact);
  return makeFinding({
    about: [contact.kind, contact.source, contact.place],
    detector: 'analytics/first-seen',
    title: `${caller} calls ${contact.place} for the first time`,
    sentence: `${caller} called ${contact.place} for the first time`,
    severity: severityOf(score),
    score,
    first_seen: contact.first,
    last_seen: contact.last,
    entities: entitiesOf(contact, details, newTraits(contact, details)),
    attack: ['T1071'],
    reasons,
    evidence: details.evidence,
    count: contact.calls,
    vanishes: `${caller} had called ${contact.place} before, or had something new every day`,
    next: `find out what on ${caller} calls ${contact.place}, and whether something was installed or changed then`,
  });
}
