import { ramp } from '../../ramp.ts';
import type { Channel } from './channel.ts';
import { part, percent, tellingNetwork, type Part } from './part.ts';

/** Probes that browsers of one machine make in a day, with many starts and changes of the network. */
const probesPerDay = 120;

/** What speaks for a channel in its names, and in who asks for them how often. */
export function excusesOfNames(channel: Channel): Part[] {
  const { payload, names, askings, browserShare, users, network, serviceShare, resolved, days } = channel;
  const isProbe = names / Math.max(1, days) <= probesPerDay ? payload.probeShare * (1 - resolved / names) : 0;
  const isShared = users >= tellingNetwork ? ramp(users / Math.max(1, network), 0.05, 0.2) : 0;
  const repetition = 1 - ramp(names / Math.max(1, askings), 0.1, 0.4);
  return [
    part('many machines ask below the domain', `${users} of ${network}`, -0.45 * isShared),
    part('names are asked for again', `${names} names, ${askings} askings`, -0.35 * repetition),
    part('names are addresses', percent(payload.addressShare), -0.9 * payload.addressShare),
    part('asked for as a browser does', `${percent(browserShare)} with type HTTPS`, -0.2 * browserShare),
    part('names are those of a browser that tests the network', percent(payload.probeShare), -0.45 * isProbe),
    part('known look-up service', percent(serviceShare), -0.9 * serviceShare),
  ];
}

/** Names with addresses below which their number says nothing. */
const fewResolved = 10;

/** What speaks for a channel in its answers, and in what was done with them. */
export function excusesOfAnswers(channel: Channel): Part[] {
  const { payload, resolved, verdictShare, addresses, localAddressShare, mailShare, connectedShare } = channel;
  // A look-up asks about one thing: it needs no numbers, and no more than a digest or two in a name.
  const lookUp = payload.hasCounter || payload.meanCharacters > 100 ? 0.3 : 1;
  const isMail = payload.meanCharacters <= 40 ? mailShare : 0;
  const diversity = resolved < fewResolved ? 0 : ramp(addresses / resolved, 0.2, 0.6);
  return [
    part('answers are verdicts in 127.0.0.0/8', percent(verdictShare), -0.75 * verdictShare * lookUp),
    part('answers are those of mail and proofs', percent(mailShare), -0.95 * isMail),
    part('names lead to machines of ours', `${addresses} addresses`, -0.45 * localAddressShare * diversity),
    connections(connectedShare, diversity),
  ];
}

/** Without records of connections, addresses of their own for the names are the most that can be said for them. */
function connections(connectedShare: number | undefined, diversity: number): Part {
  if (connectedShare === undefined) {
    return part(
      'names have addresses of their own, and no connections were recorded',
      percent(diversity),
      -0.4 * diversity,
    );
  }
  return part('connections follow', `for ${percent(connectedShare)} of the names`, -0.6 * ramp(connectedShare, 0, 0.5));
}
