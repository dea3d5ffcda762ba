import { microsPerDay } from '../../base/time.ts';
import type { Entity } from '../../events/entity.ts';
import type { Reason } from '../../events/finding.ts';
import { parseIp } from '../../base/ip.ts';
import type { LocalNetworks } from '../../base/networks.ts';
import { maxPointers } from '../make-finding.ts';
import type { AnalyticContext } from '../analytic.ts';
import { deviationsOf, type Deviations } from './deviations.ts';
import { readLogIns } from './log-ins.ts';
import { accountDays, type AccountDay } from './past.ts';

export interface LearningBounds {
  /** Days with a log-in, and days from the first of them, before an account is known. */
  readonly learning_days: number;
  readonly learning_span_days: number;
}

export interface UnusualDay {
  readonly account: AccountDay;
  readonly deviations: Deviations;
}

/** Days of accounts that are known, with how they differ, in the time that is asked for. Says so when no account is known yet. */
export async function unusualDays(context: AnalyticContext, bounds: LearningBounds): Promise<UnusualDay[]> {
  const { store, since = 0, until = Number.MAX_SAFE_INTEGER, notChecked } = context;
  const found: UnusualDay[] = [];
  let days = 0;
  let known = 0;
  for (const account of accountDays(await readLogIns(store))) {
    days++;
    if (account.past.days < bounds.learning_days || account.past.span < bounds.learning_span_days) continue;
    known++;
    const at = account.day * microsPerDay;
    if (at + microsPerDay > since && at < until) found.push({ account, deviations: deviationsOf(account) });
  }
  if (days > 0 && known === 0) {
    notChecked(
      `still learning: no account logged in on ${bounds.learning_days} days over ${bounds.learning_span_days} yet`,
    );
  }
  return found;
}

/** How long the account was known, for a reason. */
export function learntReason({ past }: AccountDay): Reason {
  return { what: 'learnt before', value: `${past.days} days with log-ins over ${past.span} days` };
}

export function accountEntities({ account }: AccountDay, { logIns }: Deviations, networks: LocalNetworks): Entity[] {
  const [first] = logIns;
  const entities: Entity[] = [{ kind: 'user', value: account }];
  for (const machine of new Set(logIns.map((logIn) => logIn.machine))) {
    if (machine !== '' && entities.length < 6) entities.push({ kind: 'host', value: machine });
  }
  const source = first?.source ?? '';
  if (source !== '') {
    const isOutside = parseIp(source) !== undefined && !networks.isLocal(source);
    entities.push({ kind: isOutside ? 'address' : 'host', value: source });
  }
  return entities;
}

export function accountPointers({ logIns }: Deviations): { readonly evidence_id: number; readonly at: number }[] {
  return logIns.slice(0, maxPointers).map(({ evidence }) => evidence);
}
