import { z } from 'zod';
import type { LocalNetworks } from '../../../base/networks.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import { guesses, sourceOfSession, sourceOfSsh } from './queries.ts';
import { sourceOfHttp, unnamed, webGuesses } from './web.ts';

const settings = z.strictObject({
  min_failures: z
    .number()
    .int()
    .min(2)
    .default(12)
    .describe('Refused log-ins of one source on one machine, within an hour, from which it is looked at.'),
  min_accounts: z
    .number()
    .int()
    .min(2)
    .default(8)
    .describe(
      'Different accounts that one source was refused for on one machine, over any time, from which it is looked at.',
    ),
});

export const analytic = defineAnalytic({
  id: 'brute-force',
  title: 'Guessed passwords',
  description:
    'Sources that are refused again and again: many tries in an hour (guessing), or many accounts with few tries each, over any time (spraying). Log-ins of Linux, Windows and SSH, SSH sessions that a network sensor saw fail, and web pages that are refused (401, or 403 to the form of a log-in page) without being given in between. What counts most is a log-in of the same source that then succeeded. Without one, tries from outside stay low: every machine on the internet sees them. One account that fails by the clock is a forgotten password of a program, and is told low as well.',
  reads: ['user_session', 'ssh', 'http'],
  apart: { user_session: sourceOfSession, ssh: sourceOfSsh, http: sourceOfHttp },
  attack: ['T1110.001', 'T1110.003', 'T1078'],
  guide: ['B01', 'B04'],
  references: ['https://attack.mitre.org/techniques/T1110/'],
  settings,
  async *run({ store, timeCondition, networks, settings: { min_failures: failures, min_accounts: accounts } }) {
    const onMachines = await store.query(guesses(store.macros, timeCondition, failures, accounts));
    const onSites = await webGuesses(store, timeCondition, failures, accounts);
    for (const row of onMachines) yield toFinding(row, networks, 'host');
    for (const row of onSites) yield toFinding(row, networks, row['is_domain'] === true ? 'domain' : 'host');
  },
});

/** Accounts that are named in a finding. */
const named = 8;

function toFinding(row: SqlRow, networks: LocalNetworks, kindOfHost: 'host' | 'domain'): Finding {
  const text = (column: string): string => String(row[column] ?? '');
  const number = (column: string): number => Number(row[column] ?? 0);
  const [source, host] = [text('source'), text('host')];
  const entered = textsOf(row['entered']);
  const isOutside = source !== '' && !networks.isLocal(source);
  const isEntered = entered.length > 0;
  const accounts = entered.filter((name) => name !== unnamed);
  const reasons = reasonsOf(row, source, entered, isOutside);
  // Refused guesses from outside are what every open door gets, and one account alone is most often a stale password.
  const isCommon = !isEntered && (isOutside || number('accounts') === 1);
  const score = isCommon ? Math.min(sumOfReasons(reasons), 0.4) : Math.max(sumOfReasons(reasons), isEntered ? 0.7 : 0);
  const who = source === '' ? 'somebody' : source;
  const many = number('accounts') > 1 ? `passwords of ${number('accounts')} accounts` : 'a password';
  return makeFinding({
    about: [source, host],
    detector: 'analytics/brute-force',
    title: isEntered ? `${who} guessed ${many} on ${host} and was let in` : `${who} guesses ${many} on ${host}`,
    sentence: `${who} was refused ${number('failures')} times by ${host}${isEntered ? `, then let in${entered[0] === unnamed ? '' : ` as ${entered[0] ?? ''}`}` : ''}`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [
      { kind: kindOfHost, value: host },
      ...(source === '' ? [] : [{ kind: isOutside ? 'address' : 'host', value: source } satisfies Entity]),
      ...accounts.slice(0, named).map((value) => ({ kind: 'user', value }) as const),
    ],
    attack: [number('accounts') >= 4 ? 'T1110.003' : 'T1110.001', ...(isEntered ? ['T1078'] : [])],
    reasons,
    evidence: pointersOf(row),
    count: number('failures'),
    vanishes: isEntered
      ? 'the same source was not let in after it had been refused so often'
      : 'it was refused less often, or for fewer accounts',
    next: isEntered
      ? `end the session of ${accounts[0] ?? 'the account'} on ${host}, change its password, and look at what it did since`
      : `allow log-ins on ${host} from known networks only, or with keys`,
  });
}

function reasonsOf(row: SqlRow, source: string, entered: readonly string[], isOutside: boolean): Reason[] {
  const number = (column: string): number => Number(row[column] ?? 0);
  return roundedReasons([
    ...(entered.length > 0
      ? [
          {
            what: 'let in afterwards',
            value: entered
              .slice(0, named)
              .map((name) => (name === unnamed ? 'an account that the log does not name' : name))
              .join(', '),
            weight: 0.5,
          },
        ]
      : []),
    {
      what: 'refused',
      value: `${number('failures')} times, up to ${number('busiest')} in an hour`,
      weight: 0.3 * ramp(Math.log10(number('busiest')), 1, 3),
    },
    {
      what: 'accounts',
      value: `${number('accounts')}, such as ${textsOf(row['names']).slice(0, named).join(', ')}`,
      weight: 0.2 * ramp(number('accounts'), 1, 20),
    },
    isOutside
      ? { what: 'from outside', value: source }
      : { what: 'from inside', value: source === '' ? 'the machine itself' : source, weight: 0.15 },
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
}
