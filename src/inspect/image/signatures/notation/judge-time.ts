import type { X509Certificate } from 'node:crypto';
import { formatIso, type Micros } from '../../../../base/time.ts';
import type { CheckList } from '../_checks/checks.ts';
import type { Trust } from '../../signature-scheme.ts';
import { nameOf, outsideValidity } from './certificate-chain.ts';
import { hold } from './consequence.ts';
import type { Envelope } from './envelope.ts';
import type { PolicyStatement } from './trust-policy.ts';
import { verifyTimeStamp } from './time-stamp.ts';

/**
 * Whether the certificates were valid when the signature was made: at the time of a signing authority, at a stamped time, or, where
 * the policy trusts no time-stamping authority, now. Gives the time when it is a trusted one.
 */
export async function judgeTime(
  envelope: Envelope,
  statement: PolicyStatement,
  trust: Trust,
  checks: CheckList,
): Promise<Micros | undefined> {
  const result = await timeResult(envelope, statement, trust);
  if (result.fault === undefined) checks.passed('time', result.how);
  else hold(checks, 'time', statement.enforcement.authenticTimestamp, result.fault);
  return result.fault === undefined ? result.signedAt : undefined;
}

interface TimeResult {
  readonly how: string;
  readonly signedAt?: Micros;
  readonly fault?: string;
}

async function timeResult(envelope: Envelope, statement: PolicyStatement, trust: Trust): Promise<TimeResult> {
  const { chain, signingScheme, signingTime, timestamp, signature } = envelope;
  if (signingScheme === 'notary.x509.signingAuthority') {
    return validAt(chain, signingTime ?? 0, 0, `${formatIso(signingTime ?? 0)} by the signing authority`, true);
  }
  const stores = statement.stores.filter((store) => store.startsWith('tsa:'));
  const now = validAt(
    chain,
    trust.at,
    0,
    'the certificates are valid now; no trusted time of signing is needed',
    false,
  );
  if (stores.length === 0 || (statement.stampsAfterExpiry && now.fault === undefined)) return now;
  if (timestamp === undefined) return { how: '', fault: 'there is no time stamp' };
  const trusted = stores.flatMap((store) => trust.trustStore.get(store) ?? []);
  const stamped = await verifyTimeStamp(timestamp, signature, trusted);
  if (typeof stamped === 'string') return { how: '', fault: stamped };
  return validAt(chain, stamped.time, stamped.accuracy, `${formatIso(stamped.time)} by ${stamped.authority}`, true);
}

function validAt(
  chain: readonly X509Certificate[],
  time: Micros,
  accuracy: Micros,
  how: string,
  isTrusted: boolean,
): TimeResult {
  const outside = outsideValidity(chain, time - accuracy, time + accuracy);
  const fault = outside === undefined ? undefined : `${nameOf(outside)} was not valid at ${formatIso(time)}`;
  return { how, ...(isTrusted ? { signedAt: time } : {}), ...(fault === undefined ? {} : { fault }) };
}
