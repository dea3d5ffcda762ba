import { asObject, type JsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';
import { isSubset, parseDistinguishedName, type DistinguishedName } from './distinguished-name.ts';

export const validations = ['integrity', 'authenticity', 'authenticTimestamp', 'expiry', 'revocation'] as const;
export type Validation = (typeof validations)[number];
const actions = ['enforce', 'log', 'skip'] as const;
export type Action = (typeof actions)[number];
export type Enforcement = Readonly<Record<Validation, Action>>;

export interface PolicyStatement {
  readonly name: string;
  readonly scopes: readonly string[];
  /** `strict`, `permissive`, `audit`, `skip`. */
  readonly level: string;
  readonly enforcement: Enforcement;
  /** `ca:example`, `signingAuthority:example`, `tsa:example`. */
  readonly stores: readonly string[];
  /** Trusted subjects; undefined trusts every certificate of the stores. */
  readonly identities: readonly DistinguishedName[] | undefined;
  /** Time stamps are needed only when certificates have expired since. */
  readonly stampsAfterExpiry: boolean;
}

const all = (action: Action): Enforcement => ({
  integrity: action,
  authenticity: action,
  authenticTimestamp: action,
  expiry: action,
  revocation: action,
});
const levels: ReadonlyMap<string, Enforcement> = new Map([
  ['strict', all('enforce')],
  ['permissive', { ...all('log'), integrity: 'enforce', authenticity: 'enforce' }],
  ['audit', { ...all('log'), integrity: 'enforce' }],
  ['skip', all('skip')],
]);

/** Statements of one document that are read. */
const maxStatements = 10_000;
const storeName = /^(?:ca|signingAuthority|tsa):[a-zA-Z0-9_.-]+$/;
const scopeHost = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?$/;
const scopePath = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/**
 * A trust policy document for images (Notary Project, trust-store-trust-policy.md), version 1.0. A text says which rule it breaks: a
 * document with one bad statement is refused as a whole, as the specification wants.
 */
export function readTrustPolicy(document: unknown): readonly PolicyStatement[] | string {
  const object = asObject(document);
  if (object === undefined) return 'it is no JSON object';
  if (object['version'] !== '1.0') return `the version ${JSON.stringify(object['version'])} is not supported`;
  const list = listOf(object['trustPolicies']);
  if (list.length === 0 || list.length > maxStatements) return `it has ${list.length} statements`;
  const statements: PolicyStatement[] = [];
  for (const value of list) {
    const statement = readStatement(asObject(value) ?? {});
    if (typeof statement === 'string') return statement;
    statements.push(statement);
  }
  return (
    repeated(
      statements.map(({ name }) => name),
      'name',
    ) ??
    repeated(
      statements.flatMap(({ scopes }) => scopes),
      'scope',
    ) ??
    statements
  );
}

/** The statement for a repository: its own, else the one for all. */
export function statementFor(
  statements: readonly PolicyStatement[],
  repository: string | undefined,
): PolicyStatement | undefined {
  const own = statements.find(({ scopes }) => repository !== undefined && scopes.includes(repository));
  return own ?? statements.find(({ scopes }) => scopes.includes('*'));
}

function readStatement(value: JsonObject): PolicyStatement | string {
  const name = textOf(value['name']) ?? '';
  if (name === '') return 'a statement has no name';
  const said = (fault: string): string => `statement ${JSON.stringify(name)}: ${fault}`;
  const verification = asObject(value['signatureVerification']) ?? {};
  const enforcement = readEnforcement(verification);
  if (typeof enforcement === 'string') return said(enforcement);
  const [scopes, stores, identityTexts] = ['registryScopes', 'trustStores', 'trustedIdentities'].map((key) =>
    listOf(value[key]).map((text) => textOf(text) ?? ''),
  ) as [string[], string[], string[]];
  const level = textOf(verification['level']) ?? '';
  const when = verification['verifyTimestamp'] ?? 'always';
  if (when !== 'always' && when !== 'afterCertExpiry') {
    return said('verifyTimestamp is neither always nor afterCertExpiry');
  }
  const fault =
    scopeFault(scopes) ?? (level === 'skip' ? skipFault(stores, identityTexts) : storeFault(stores, identityTexts));
  if (fault !== undefined) return said(fault);
  const identities = readIdentities(identityTexts);
  if (typeof identities === 'string') return said(identities);
  return { name, scopes, level, enforcement, stores, identities, stampsAfterExpiry: when === 'afterCertExpiry' };
}

function readEnforcement(verification: JsonObject): Enforcement | string {
  const level = textOf(verification['level']) ?? '';
  const base = levels.get(level);
  if (base === undefined) return `the level ${JSON.stringify(level)} is not known`;
  const overrides = Object.entries(asObject(verification['override']) ?? {});
  if (overrides.length > 0 && level === 'skip') return 'the level skip cannot be overridden';
  const result: Record<Validation, Action> = { ...base };
  for (const [key, value] of overrides) {
    const validation = validations.find((known) => known === key);
    const action = actions.find((known) => known === value);
    if (validation === undefined || action === undefined) return `the override of ${JSON.stringify(key)} is not known`;
    if (validation === 'integrity') return 'integrity cannot be overridden';
    if (validation !== 'revocation' && action === 'skip') return `${validation} cannot be skipped`;
    result[validation] = action;
  }
  return result;
}

function scopeFault(scopes: readonly string[]): string | undefined {
  if (scopes.length === 0) return 'it has no registry scope';
  if (scopes.length > 1 && scopes.includes('*')) return 'the scope * cannot stand beside others';
  const bad = scopes.find((scope) => scope !== '*' && !isScope(scope));
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is no registry with repository`;
}

/** `registry.example:5000/team/app`, without tag, digest and wildcards. */
function isScope(scope: string): boolean {
  const slash = scope.indexOf('/');
  const [host, path] = [scope.slice(0, Math.max(slash, 0)), scope.slice(slash + 1)];
  return scopeHost.test(host) && scopePath.test(path);
}

function skipFault(stores: readonly string[], identities: readonly string[]): string | undefined {
  return stores.length + identities.length === 0 ? undefined : 'it skips verification and names what to trust';
}

function storeFault(stores: readonly string[], identities: readonly string[]): string | undefined {
  if (stores.length === 0 || identities.length === 0) return 'trust stores or trusted identities are missing';
  const bad = stores.find((store) => !storeName.test(store));
  return bad === undefined ? undefined : `${JSON.stringify(bad)} is no trust store`;
}

function readIdentities(texts: readonly string[]): readonly DistinguishedName[] | undefined | string {
  if (texts.includes('*')) return texts.length === 1 ? undefined : 'the identity * cannot stand beside others';
  const names: DistinguishedName[] = [];
  for (const text of texts) {
    const [kind = '', ...rest] = text.split(':');
    if (rest.length === 0) return `${JSON.stringify(text)} is no identity`;
    // Other kinds are for plug-ins of notation: they are allowed and match nothing here.
    if (kind !== 'x509.subject') continue;
    const name = parseDistinguishedName(rest.join(':').trim());
    if (typeof name === 'string') return `the identity ${JSON.stringify(text)}: ${name}`;
    if (names.some((other) => isSubset(name, other) || isSubset(other, name))) return 'two identities overlap';
    names.push(name);
  }
  return names;
}

function repeated(values: readonly string[], what: string): string | undefined {
  const seen = new Set<string>();
  const twice = values.find((value) => seen.size === seen.add(value).size);
  return twice === undefined ? undefined : `the ${what} ${JSON.stringify(twice)} is there twice`;
}
