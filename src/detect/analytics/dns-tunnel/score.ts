import { formatBytes } from '../../../base/bytes.ts';
import type { Reason } from '../../../events/finding.ts';
import type { Payload } from './payload.ts';

/** One client asking below one registered domain. */
export interface Channel {
  readonly queries: number;
  readonly payload: Payload;
  /** Share of queries for TXT, NULL, CNAME, MX, SRV and types without a name. */
  readonly oddTypeShare: number;
  readonly oddTypes: readonly string[];
  /** Distinct bytes of text answers. */
  readonly answerBytes: number;
  /** Share of answered names with an answer in 127.0.0.0/8: how block and reputation lists answer. */
  readonly verdictShare: number;
  /** Share of resolved addresses that the client then connected to; undefined when there are no flow records. */
  readonly connectedShare: number | undefined;
  /** Clients of the domain, and of all domains. */
  readonly clients: number;
  readonly network: number;
}

/**
 * Weighs what a channel looks like. Each part says its number; the sum is the score, 0 to 1. What AV, block lists, CDNs and
 * DKIM do is not listed by name: it shows in the answers, in who else asks, and in the connections that follow.
 */
export function scoreChannel(channel: Channel): { score: number; reasons: Reason[] } {
  const parts = [...signs(channel), ...excuses(channel)].filter((part) => Math.abs(part.weight ?? 0) >= 0.01);
  const score = parts.reduce((sum, part) => sum + (part.weight ?? 0), 0);
  return { score: Math.min(1, Math.max(0, score)), reasons: parts };
}

function signs({ queries, payload, oddTypeShare, oddTypes, answerBytes }: Channel): Reason[] {
  const looksEncoded = clamp((payload.mixing - 0.08) / 0.12) * clamp((payload.evenness - 0.85) / 0.07);
  const unique = queries === 0 ? 0 : Math.min(1, payload.names / queries);
  const perName = Math.round(payload.meanCharacters * 10) / 10;
  return [
    {
      what: 'data that the names can carry',
      value: `${formatBytes(payload.estimatedBytes)} in ${payload.names} names (${payload.encoding})`,
      weight: 0.35 * clamp(Math.log10(Math.max(1, payload.estimatedBytes / 300)) / 2),
    },
    {
      what: 'names look encoded',
      value: `${payload.bitsPerCharacter.toFixed(2)} bits per character, evenness ${payload.evenness.toFixed(2)}, mixing ${payload.mixing.toFixed(2)}`,
      weight: 0.25 * looksEncoded,
    },
    { what: 'long payload in each name', value: `${perName} characters`, weight: 0.15 * clamp((payload.meanCharacters - 10) / 25) },
    { what: 'hardly a name is asked twice', value: `${payload.names} names in ${queries} queries`, weight: 0.15 * clamp((unique - 0.45) / 0.4) },
    { what: 'record types that carry data', value: `${Math.round(oddTypeShare * 100)} % ${oddTypes.join(', ')}`, weight: 0.2 * oddTypeShare },
    { what: 'data that the answers carry', value: formatBytes(answerBytes), weight: 0.15 * clamp(Math.log10(Math.max(1, answerBytes / 1000)) / 2) },
  ];
}

function excuses({ payload, verdictShare, connectedShare, clients, network }: Channel): Reason[] {
  const share = network === 0 ? 1 : clients / network;
  const isExclusive = clients <= 2;
  const common = clients >= 4 ? clamp((share - 0.05) / 0.15) : 0;
  const reasons: Reason[] = [
    { what: 'few machines ask below the domain', value: `${clients} of ${network}`, weight: isExclusive ? 0.15 : 0 },
    { what: 'many machines ask below the domain', value: `${clients} of ${network}`, weight: -0.45 * common },
    { what: 'answers are verdicts in 127.0.0.0/8', value: `${Math.round(verdictShare * 100)} %`, weight: -0.7 * verdictShare },
    { what: 'names are reversed addresses', value: `${Math.round(payload.reversedShare * 100)} %`, weight: -0.9 * payload.reversedShare },
  ];
  if (connectedShare !== undefined) {
    const value = `${Math.round(connectedShare * 100)} % of the resolved addresses`;
    reasons.push({ what: 'the client then connects there', value, weight: -0.45 * clamp(connectedShare / 0.5) });
  }
  return reasons;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
