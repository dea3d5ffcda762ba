import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Pairs that are told: more are a flood. */
const maxPairs = 200;
/** Accounts that are named. */
const maxNames = 50;
/** Refusals before a log-in that make it a guessed one: people mistype less often. */
const leastBefore = 5;

export const sourceOfSession = "coalesce(source_ip, source_host, '')";
export const sourceOfSsh = 'source_ip';

/**
 * Log-ins that were tried, one row each: a machine writes several records of one try, all within its second. `ssh` of a network sensor names
 * no account.
 */
function tries(m: Macros, timeCondition: string): string {
  return `SELECT host, source, account, is_let_in, tried_at, min(time) AS time, min(evidence_id) AS evidence_id, ${m.firstBy('evidence_at', 'evidence_id')} AS evidence_at
    FROM (
      SELECT coalesce(host_name, '') AS host, ${sourceOfSession} AS source,
        coalesce(target_user_name, user_name, login_name, '?') AS account, event_outcome = 'success' AS is_let_in,
        CAST(floor(${m.seconds('time')}) AS BIGINT) AS tried_at, time, evidence_id, evidence_at
      FROM user_session WHERE event_action IN ('login', 'authentication') AND event_outcome IN ('success', 'failure') AND ${timeCondition}
      UNION ALL
      SELECT destination_ip AS host, ${sourceOfSsh} AS source, '?' AS account, ssh_auth_success AS is_let_in,
        CAST(floor(${m.seconds('time')}) AS BIGINT) AS tried_at, time, evidence_id, evidence_at
      FROM ssh WHERE ssh_auth_success IS NOT NULL AND ${timeCondition}
    )
    GROUP BY host, source, account, is_let_in, tried_at`;
}

/** Sources and machines with many refusals in an hour, or for many accounts; with the accounts that were let in after enough of them. */
export function guesses(m: Macros, timeCondition: string, leastFailures: number, leastAccounts: number): string {
  return `WITH tries AS (${tries(m, timeCondition)}),
    counted AS (
      SELECT *, sum(CASE WHEN is_let_in THEN 0 ELSE 1 END) OVER (PARTITION BY host, source ORDER BY tried_at, is_let_in ROWS UNBOUNDED PRECEDING) AS refused_before,
        sum(CASE WHEN is_let_in THEN 0 ELSE 1 END) OVER (PARTITION BY host, source, tried_at - tried_at % 3600) AS in_hour
      FROM tries
    ),
    let_in AS (
      SELECT host, source, ${m.distinctListOf('account', maxNames)} AS entered, max(time) AS entered_last
      FROM counted WHERE is_let_in AND refused_before >= ${leastBefore} GROUP BY host, source
    ),
    refused AS (
      SELECT host, source, count(*) AS failures, max(in_hour) AS busiest, count(DISTINCT account) AS accounts,
        ${m.distinctListOf('account', maxNames)} AS names, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS refused_last, ${pointerColumns(m)}
      FROM counted WHERE NOT is_let_in GROUP BY host, source
      HAVING max(in_hour) >= ${leastFailures} OR count(DISTINCT account) >= ${leastAccounts}
    )
    SELECT refused.*, let_in.entered, greatest(refused_last, coalesce(${m.micros('entered_last')}, 0)) AS last
    FROM refused LEFT JOIN let_in ON let_in.host = refused.host AND let_in.source = refused.source
    ORDER BY let_in.entered IS NOT NULL DESC, failures DESC, refused.host, refused.source LIMIT ${maxPairs}`;
}
