import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { rarityOf } from '../../pairs/rarity.ts';
import { ramp } from '../../ramp.ts';
import type { Category } from './services.ts';
import { mostCommon, rhythmOf, volumeOf, type Use } from './use.ts';

/** Share of pauses near the usual one from which calls have a rhythm. */
const rhythmic = 0.65;
/** Hours of the day with calls from which nobody sits in front of the machine. */
const aroundTheClock = 16;
/** Times more that must go out than come in: who reads a service gets more than it sends. */
const uploadRatio = 1.5;
/** Look-ups alone do not say that anything was sent. */
const mostForLookUps = 0.4;

/** What each kind of service is for; those that are seldom visited by people on their own machines weigh. */
const kinds: Readonly<Record<Category, readonly [text: string, weight: number]>> = {
  social: ['social media', 0],
  chat: ['chat and bots', 0.05],
  paste: ['paste', 0.1],
  storage: ['cloud storage', 0],
  code: ['code hosting', 0],
  documents: ['documents', 0],
  callback: ['catching of requests', 0.15],
  tunnel: ['tunnel', 0.15],
};

/** Programs in which people visit anything. */
const browser =
  /(?:^|[/\\])(?:chrome|chromium|google-chrome|msedge|firefox|safari|opera|brave|vivaldi|iexplore)[^/\\]*$/i;
const browserAgent = /^mozilla\/5\.0 \(/i;

/**
 * How much the new use of a service looks like a program's channel, 0 to 1, by named parts. Undefined when nothing but its
 * being new is odd: neither a rhythm, nor an upload, nor a client that is no browser.
 */
export function scoreUse(
  use: Use,
  { leastVisits, leastUpload }: { readonly leastVisits: number; readonly leastUpload: number },
): { score: number; reasons: Reason[] } | undefined {
  const signs = [...rhythm(use, leastVisits), ...upload(use, leastUpload), ...client(use)];
  if (!signs.some(({ weight }) => (weight ?? 0) > 0)) return undefined;
  const quiet = use.begun - use.knownSince;
  const [kind, kindWeight] = kinds[use.service.category];
  const rarity = rarityOf(use.hosts, use.networkSize);
  const reasons = roundedReasons([
    {
      what: 'never used before',
      value: `for ${formatDuration(quiet)}`,
      weight: 0.15 + 0.05 * ramp(quiet / 86_400_000_000, 1, 7),
    },
    ...signs,
    { what: 'kind of service', value: kind, weight: kindWeight },
    {
      what: 'prevalence',
      value: prevalenceText(use.hosts, use.networkSize, rarity !== undefined),
      weight: rarity === undefined ? 0 : 0.25 * rarity - 0.15,
    },
  ]);
  const isOnlyAsked = use.calls.every(({ isAsked }) => isAsked);
  const score = sumOfReasons(reasons);
  return { score: isOnlyAsked ? Math.min(score, mostForLookUps) : score, reasons };
}

function rhythm({ calls }: Use, leastVisits: number): Reason[] {
  const found = rhythmOf(
    calls.map(({ at }) => at),
    leastVisits,
  );
  if (found === undefined || found.share < rhythmic) return [];
  const { visits, period, share, hoursOfDay } = found;
  return [
    {
      what: 'calls by rhythm',
      value: `${visits} about every ${formatDuration(period)}, ${Math.round(share * 100)} % of the pauses near it`,
      weight: 0.15 + 0.1 * ramp(share, rhythmic, 0.95),
    },
    ...(hoursOfDay >= aroundTheClock
      ? [{ what: 'around the clock', value: `in ${hoursOfDay} hours of the day`, weight: 0.05 }]
      : []),
  ];
}

function upload({ calls }: Use, least: number): Reason[] {
  const { sent, received } = volumeOf(calls);
  const value = `${formatBytes(sent)} out, ${formatBytes(received)} in`;
  if (sent < least || sent < uploadRatio * received) return sent + received === 0 ? [] : [{ what: 'bytes', value }];
  return [{ what: 'sends more than it gets', value, weight: 0.15 + 0.15 * ramp(Math.log10(sent / least), 0, 2) }];
}

function client({ calls, programs, networkSize }: Use): Reason[] {
  const reasons: Reason[] = [];
  const agent = mostCommon(calls.map((call) => call.agent));
  if (agent !== undefined && !browserAgent.test(agent)) {
    reasons.push({ what: 'user agent of no browser', value: agent.slice(0, 200), weight: 0.15 });
  }
  const [program] = programs;
  if (program !== undefined) {
    const isBrowser = programs.some((name) => browser.test(name));
    const weight = isBrowser ? -0.2 : 0.15;
    reasons.push({ what: isBrowser ? 'a browser calls it' : 'a program that is no browser', value: program, weight });
  }
  const fingerprint = mostCommon(calls.map((call) => call.fingerprint));
  const shown = calls.find((call) => call.fingerprint === fingerprint);
  if (fingerprint !== undefined && shown?.fingerprintHosts === 1 && rarityOf(1, networkSize) !== undefined) {
    reasons.push({ what: 'TLS client', value: 'with a fingerprint of this machine alone', weight: 0.1 });
  }
  return reasons;
}
