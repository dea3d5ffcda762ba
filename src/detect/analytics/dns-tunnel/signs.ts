import { formatBytes } from '../../../base/bytes.ts';
import { ramp } from '../../ramp.ts';
import type { Channel } from './channel.ts';
import { part, percent, tellingNetwork, type Part } from './part.ts';

/** What speaks against a channel. */
export function signs(channel: Channel): Part[] {
  const { payload, names, askings, oddShare, oddTypes, nullShare, answerBytes, users, network } = channel;
  const { estimatedBytes, encodedness, encoding, meanCharacters } = payload;
  // Mail and certificates have types that carry data too, but below names that somebody made up.
  const content = Math.max(encodedness, nullShare, oddShare / 2);
  const freshness = ramp(names / Math.max(1, askings), 0.5, 0.9);
  const isOurs = users <= 2 && network >= tellingNetwork;
  const carried = `about ${formatBytes(estimatedBytes)} in ${names} names`;
  const looks = `${encoding}, ${payload.bitsPerCharacter.toFixed(2)} bits per character`;
  return [
    part('data that the names can carry', carried, 0.35 * content * ramp(decades(estimatedBytes), 2.5, 4.5)),
    part('names look encoded', looks, 0.3 * encodedness),
    part(
      'long payload in each name',
      `${Math.round(meanCharacters)} characters`,
      0.15 * content * ramp(meanCharacters, 10, 35),
    ),
    part('hardly a name is asked for again', `${names} names, ${askings} askings`, 0.15 * content * freshness),
    part(
      'record types that carry data',
      `${percent(oddShare)} ${oddTypes.join(', ')}`,
      0.2 * oddShare * Math.max(content, 0.3),
    ),
    part('record types that only tunnels use', percent(nullShare), 0.2 * nullShare),
    part('data that the answers carry', formatBytes(answerBytes), 0.15 * ramp(decades(answerBytes), 3, 5)),
    part('names are numbered', 'a label counts up', payload.hasCounter ? 0.1 : 0),
    part('answers say nothing', answersText(channel), saysNothing(channel) ? 0.1 * content : 0),
    part('few machines ask below the domain', `${users} of ${network}`, isOurs ? 0.15 * content : 0),
  ];
}

function decades(bytes: number): number {
  return Math.log10(Math.max(1, bytes));
}

/** The same few addresses for every name, or none at all: the question was the message. */
function saysNothing({ names, resolved, addresses, oddShare }: Channel): boolean {
  if (oddShare > 0.5 || names < 10) return false;
  return resolved < 0.1 * names || addresses <= Math.max(2, 0.02 * names);
}

function answersText({ resolved, addresses, names }: Channel): string {
  if (resolved < 0.1 * names) return `${resolved} of ${names} names have an address`;
  return `${addresses} addresses for ${resolved} names`;
}
