import { z } from 'zod';
import { defineAnalytic } from '../../analytic.ts';
import { toFinding } from './finding.ts';
import { findChannels, keyOf, readSightings, withAnswers, withNames } from './read-channels.ts';
import { withoutRelays } from './relays.ts';
import type { Channel } from './channel.ts';
import { scoreChannel } from './score.ts';
import { textAnswers } from './text-answers.ts';

const settings = z.strictObject({
  min_names: z
    .number()
    .int()
    .min(2)
    .default(12)
    .describe('Distinct names below a domain from which a client is looked at.'),
  min_characters: z
    .number()
    .int()
    .min(1)
    .default(450)
    .describe('Characters before the registered domain, over all names, from which it is looked at.'),
  min_long_name: z
    .number()
    .int()
    .min(1)
    .default(45)
    .describe('Mean characters before the registered domain from which fewer names are looked at too.'),
  min_score: z.number().min(0).max(1).default(0.3).describe('Channels below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'dns-tunnel',
  title: 'DNS as a channel',
  description:
    'Data carried in DNS names and answers, per client and registered domain, over any length of time. The names are taken as one body of text: how much it can carry decoded, whether its characters are independent of each other as those of encoded data are, whether names are asked for again, whether they are numbered, which record types carry them, what the answers hold. Reputation look-ups, block lists, CDNs and mail authentication are told apart by behaviour: answers in 127.0.0.0/8, addresses in the names, many clients, connections that follow. Text answers that hold no text are told beside, as a hint.',
  reads: ['dns'],
  countsCalls: true,
  attack: ['T1071.004', 'T1048.003', 'T1572'],
  guide: ['B16', 'B17', 'B24'],
  references: [
    'https://attack.mitre.org/techniques/T1071/004/',
    'https://arxiv.org/abs/1709.08395',
    'https://arxiv.org/abs/2307.02614',
  ],
  settings,
  async *run({ store, timeCondition, settings: set }) {
    const bounds = { names: set.min_names, characters: set.min_characters, longName: set.min_long_name };
    const options = { store, timeCondition, bounds };
    const isStrong = (channel: Channel): boolean => scoreChannel(channel).score >= set.min_score;
    // Each step is dearer than the one before it, and is taken only for what could still be strong.
    const candidates = (await findChannels(options)).filter(({ channel }) => isStrong(atItsWorst(channel)));
    const telling = (await withNames(options, candidates)).filter(({ channel }) => isStrong(atItsWorst(channel)));
    const strong = (await withAnswers(options, telling)).filter(({ channel }) => isStrong(channel));
    const sightings = await readSightings(options, strong);
    for (const named of withoutRelays(strong, sightings)) {
      const sighting = sightings.get(keyOf(named)) ?? { askers: 0, resolvers: [], evidence: [] };
      yield toFinding(named, sighting, scoreChannel(named.channel));
    }
    const told = new Set(strong.map((named) => keyOf(named)));
    yield* textAnswers(store, timeCondition, told);
  },
});

/** The answers that would speak most against a channel: the dear questions are asked of those only that could be one. */
function atItsWorst(channel: Channel): Channel {
  return { ...channel, answerBytes: channel.oddShare > 0 ? 1_000_000 : 0, addresses: 1 };
}
