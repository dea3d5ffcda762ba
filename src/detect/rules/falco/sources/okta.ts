import {
  at,
  elements,
  stringOf,
  textField,
  textOf,
  type JsonField,
  type JsonObject,
  type JsonRecord,
} from './json-record.ts';

/** Okta system log events, with the fields of Falco's okta plug-in (falcosecurity/plugins `plugins/okta`). */

/** Text at a path; the plug-in gives the empty text for what is not there. */
const field = (name: string, ...path: readonly string[]): JsonField =>
  textField(name, (value) => textOf(at(value, ...path)) ?? '');

/** The last target of a type. */
function targetField(name: string, type: string, key: string): JsonField {
  return textField(name, (value) => {
    const targets = elements(value['target']) ?? [];
    return stringOf(
      at(
        targets.findLast((target) => at(target, 'type') === type),
        key,
      ),
    );
  });
}

const deny = 'user.mfa.okta_verify.deny_push';
const viaMfa = 'user.authentication.auth_via_mfa';

/** Actors whose failures are remembered, and failures of one. */
const maxActors = 10_000;
const maxTimes = 200;

/** Failures of second factors by actor: how many in the last seconds. */
class MfaCounter {
  readonly #times = new Map<string, bigint[]>();
  #lastNumber = 0;

  /** Counts a record once, however many fields ask. */
  count(record: JsonRecord, seconds: number): number | undefined {
    const key = keyOf(record.value);
    if (key === undefined) return undefined;
    let times = this.#times.get(key);
    if (times === undefined) {
      const [oldest] = this.#times.size >= maxActors ? this.#times.keys() : [];
      if (oldest !== undefined) this.#times.delete(oldest);
      times = [];
      this.#times.set(key, times);
    }
    if (this.#lastNumber !== record.number && times.at(-1) !== record.time) {
      times.push(record.time);
      if (times.length > maxTimes) times.shift();
    }
    this.#lastNumber = record.number;
    const since = record.time - BigInt(seconds) * 1_000_000_000n;
    return times.filter((time) => time > since).length;
  }
}

function keyOf(value: JsonObject): string | undefined {
  const type = stringOf(value['eventType']) ?? '';
  const isFailure = type === deny || (type === viaMfa && at(value, 'outcome', 'result') === 'FAILURE');
  return isFailure ? `${type}:${stringOf(at(value, 'actor', 'id')) ?? ''}` : undefined;
}

function countField(name: string): JsonField {
  return {
    name,
    type: 'number',
    isList: false,
    argument: 'required',
    getter: (argument) => {
      const counter = new MfaCounter();
      const seconds = /^\d{1,9}$/.test(argument) ? Number(argument) : 0;
      return (record) => counter.count(record, seconds);
    },
  };
}

export const oktaFields: readonly JsonField[] = [
  textField('okta.app', (value) => {
    const uri = stringOf(at(value, 'debugContext', 'debugData', 'requestUri')) ?? '';
    return uri.startsWith('/app/') ? uri.split('/')[2] : undefined;
  }),
  textField('okta.org', () => ''),
  field('okta.evt.type', 'eventType'),
  field('okta.evt.legacytype', 'legacyEventType'),
  field('okta.severity', 'severity'),
  field('okta.message', 'displayMessage'),
  field('okta.published', 'published'),
  field('okta.actor.id', 'actor', 'id'),
  field('okta.actor.Type', 'actor', 'type'),
  field('okta.actor.alternateid', 'actor', 'alternateId'),
  field('okta.actor.name', 'actor', 'displayName'),
  field('okta.client.zone', 'client', 'zone'),
  field('okta.client.ip', 'client', 'ipAddress'),
  field('okta.client.device', 'client', 'device'),
  field('okta.client.id', 'client', 'id'),
  field('okta.client.geo.city', 'client', 'geographicalContext', 'city'),
  field('okta.client.geo.state', 'client', 'geographicalContext', 'state'),
  field('okta.client.geo.country', 'client', 'geographicalContext', 'country'),
  field('okta.client.geo.postalcode', 'client', 'geographicalContext', 'postalCode'),
  field('okta.client.geo.lat', 'client', 'geographicalContext', 'geolocation', 'lat'),
  field('okta.client.geo.lon', 'client', 'geographicalContext', 'geolocation', 'lon'),
  field('okta.useragent.os', 'client', 'userAgent', 'os'),
  field('okta.useragent.browser', 'client', 'userAgent', 'browser'),
  field('okta.useragent.raw', 'client', 'userAgent', 'rawUserAgent'),
  field('okta.result', 'outcome', 'result'),
  field('okta.reason', 'outcome', 'reason'),
  field('okta.transaction.id', 'transaction', 'id'),
  field('okta.transaction.type', 'transaction', 'type'),
  field('okta.requesturi', 'debugContext', 'debugData', 'requestUri'),
  field('okta.principal.id', 'debugContext', 'debugData', 'originalPrincipal', 'id'),
  field('okta.principal.alternateid', 'debugContext', 'debugData', 'originalPrincipal', 'alternateId'),
  field('okta.principal.type', 'debugContext', 'debugData', 'originalPrincipal', 'type'),
  field('okta.principal.name', 'debugContext', 'debugData', 'originalPrincipal', 'displayName'),
  field('okta.authentication.step', 'authenticationContext', 'authenticationStep'),
  field('okta.authentication.sessionid', 'authenticationContext', 'externalSessionId'),
  {
    name: 'okta.security.asnumber',
    type: 'number',
    isList: false,
    argument: 'none',
    getter: () => (record) => {
      const asNumber = at(record.value, 'securityContext', 'asNumber');
      return typeof asNumber === 'number' ? asNumber : 0;
    },
  },
  field('okta.security.asorg', 'securityContext', 'asOrg'),
  field('okta.security.isp', 'securityContext', 'isp'),
  field('okta.security.domain', 'securityContext', 'domain'),
  targetField('okta.target.user.id', 'User', 'id'),
  targetField('okta.target.user.alternateid', 'User', 'alternateId'),
  targetField('okta.target.user.name', 'User', 'displayName'),
  targetField('okta.target.group.id', 'UserGroup', 'id'),
  targetField('okta.target.group.alternateid', 'UserGroup', 'alternateId'),
  targetField('okta.target.group.name', 'UserGroup', 'displayName'),
  targetField('okta.target.app.alternateid', 'AppInstance', 'alternateId'),
  countField('okta.mfa.failure.countlast'),
  countField('okta.mfa.deny.countlast'),
];
