import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import { collect } from '../../content-store.ts';
import { member, parseJson, textOf } from '../../json.ts';
import { parseChallenge, type Challenge } from './challenge.ts';
import { findCredentials, type Credentials } from './credentials.ts';
import { forgetToken, keepToken, keptToken, tokenKey } from './kept-tokens.ts';
import type { AskingManner, RegistryRule } from './places.ts';

export interface RegistryOptions {
  /** Files in the form of docker's `config.json`, the first that has an entry counts. */
  readonly authFiles?: readonly string[];
  /** Speak HTTP without TLS. Loopback is asked so when it does not speak TLS. */
  readonly isPlainHttp?: boolean;
  /** It may be asked without TLS when it does not speak TLS, as loopback is. */
  readonly isInsecure?: boolean;
  /** Mirrors and other places of what registries hold. */
  readonly rules?: () => Promise<readonly RegistryRule[]>;
  readonly manner?: AskingManner;
  readonly signal?: AbortSignal;
}

/** What is said to a registry that asks who it is. */
interface Answer {
  readonly authorization: string | undefined;
  readonly wasKept: boolean;
}

const headerTimeoutMs = 60_000;
const attempts = 4;
const longestPauseMs = 30_000;
const maxErrorBytes = 65_536;
const hubHost = 'registry-1.docker.io';

/** Asks one registry for the content of one repository, and answers when it asks who that is. */
export class RegistryConnection {
  readonly registry: string;
  readonly #repository: string;
  readonly #options: RegistryOptions;
  #base: string;
  #authorization: string | undefined;

  constructor(registry: string, repository: string, options: RegistryOptions) {
    this.registry = registry;
    this.#repository = repository;
    this.#options = options;
    const host = registry === 'docker.io' ? hubHost : registry;
    this.#base = `${options.isPlainHttp === true ? 'http' : 'https'}://${host}`;
  }

  /** The answer to a GET of a path at this registry; undefined when it says that there is no such thing. */
  async get(path: string, accept: readonly string[] = []): Promise<Response | undefined> {
    let response = await this.#ask(path, accept);
    // A token that was kept may be taken back: then another one is asked for.
    for (let mayBeKept = true; response.status === 401; mayBeKept = false) {
      const challenge = parseChallenge(response.headers.get('www-authenticate') ?? '');
      await response.body?.cancel();
      const { authorization, wasKept } = await this.#answer(challenge, mayBeKept);
      this.#authorization = authorization;
      response = await this.#ask(path, accept);
      if (!wasKept) break;
    }
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) throw await this.#refusal(response);
    return response;
  }

  async #ask(path: string, accept: readonly string[]): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#fetch(path, accept);
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || attempt === attempts) return response;
      await response.body?.cancel();
      await wait(pauseMs(response, attempt), undefined, { signal: this.#options.signal });
    }
  }

  async #fetch(path: string, accept: readonly string[]): Promise<Response> {
    const headers = new Headers({ 'user-agent': 'vakthund', ...this.#options.manner?.headers });
    if (accept.length > 0) headers.set('accept', accept.join(', '));
    if (this.#authorization !== undefined) headers.set('authorization', this.#authorization);
    try {
      return await this.#send(this.#addressOf(path), headers);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (!this.#mayFallBack(error)) throw unreachable(this.registry, error);
      this.#base = this.#base.replace('https:', 'http:');
      return this.#fetch(path, accept);
    }
  }

  #addressOf(path: string): URL {
    const { basePath = '', namespace } = this.#options.manner ?? {};
    const url = new URL(`${basePath}${path}`, this.#base);
    if (namespace !== undefined) url.searchParams.set('ns', namespace);
    return url;
  }

  async #send(url: URL, headers: Headers): Promise<Response> {
    // The time is for the headers: a layer may take as long as it takes.
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(new Error('no answer within a minute')), headerTimeoutMs);
    const { signal } = this.#options;
    try {
      return await fetch(url, {
        headers,
        signal: signal === undefined ? tooLong.signal : AbortSignal.any([signal, tooLong.signal]),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A registry on this machine often speaks HTTP alone; nobody listens on the way to it. One whose certificate does not hold speaks TLS:
   * to ask it without would send credentials in the clear, and hide what is wrong.
   */
  #mayFallBack(error: unknown): boolean {
    const host = new URL(this.#base).hostname;
    const isLoopback = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
    return (
      (isLoopback || this.#options.isInsecure === true) &&
      this.#base.startsWith('https:') &&
      error instanceof TypeError &&
      !isCertificateFault(error)
    );
  }

  async #answer(challenge: Challenge | undefined, mayBeKept: boolean): Promise<Answer> {
    const credentials = findCredentials(this.#options.authFiles ?? [], this.registry, this.#repository);
    if (challenge?.scheme === 'basic') {
      return { authorization: credentials === undefined ? undefined : basic(credentials), wasKept: false };
    }
    const realm = challenge?.parameters['realm'];
    if (challenge?.scheme !== 'bearer' || realm === undefined) return { authorization: undefined, wasKept: false };
    const key = tokenKey(realm, challenge.parameters['service'] ?? '', this.#scopeOf(challenge), credentials);
    const known = mayBeKept ? keptToken(key) : undefined;
    if (known !== undefined) return { authorization: `Bearer ${known}`, wasKept: true };
    forgetToken(key);
    const { token, lifeSeconds } = await this.#token(realm, challenge, credentials);
    keepToken(key, token, lifeSeconds);
    return { authorization: `Bearer ${token}`, wasKept: false };
  }

  #scopeOf(challenge: Challenge): string {
    return challenge.parameters['scope'] ?? `repository:${this.#repository}:pull`;
  }

  /** Fetches a token from where the registry says. Credentials do not leave TLS when the registry itself is asked with it. */
  async #token(
    realm: string,
    challenge: Challenge,
    credentials: Credentials | undefined,
  ): Promise<{ readonly token: string; readonly lifeSeconds: unknown }> {
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && this.#base.startsWith('http:'));
    if (url === undefined || !isSafe) {
      throw new VakthundError(
        'EVIDENCE_READ',
        `the registry ${this.registry} sends for its token to an unsafe address`,
      );
    }
    const scope = this.#scopeOf(challenge);
    const service = challenge.parameters['service'];
    const response = await this.#requestToken(url, scope, service, credentials);
    if (!response.ok) throw await this.#refusal(response);
    const json = parseJson(await bodyOf(response, maxErrorBytes * 16, 'the token'), 'token');
    const token = textOf(member(json, 'token')) ?? textOf(member(json, 'access_token'));
    if (token === undefined || /[^\x21-\x7e]/.test(token)) {
      throw new VakthundError('EVIDENCE_READ', `the registry ${this.registry} gave no token`);
    }
    return { token, lifeSeconds: member(json, 'expires_in') };
  }

  async #requestToken(
    url: URL,
    scope: string,
    service: string | undefined,
    credentials: Credentials | undefined,
  ): Promise<Response> {
    const { signal } = this.#options;
    const init: RequestInit = signal === undefined ? {} : { signal };
    const asked = { scope, ...(service === undefined ? {} : { service }) };
    try {
      if (credentials?.identityToken !== undefined) {
        const grant = { grant_type: 'refresh_token', refresh_token: credentials.identityToken, client_id: 'vakthund' };
        return await fetch(url, { ...init, method: 'POST', body: new URLSearchParams({ ...asked, ...grant }) });
      }
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      const headers = credentials === undefined ? {} : { authorization: basic(credentials) };
      return await fetch(url, { ...init, headers });
    } catch (error) {
      throw unreachable(url.host, error);
    }
  }

  async #refusal(response: Response): Promise<VakthundError> {
    const text = await bodyOf(response, maxErrorBytes, 'the answer').catch(() => Buffer.alloc(0));
    const said = firstMessage(text);
    const isLogin = response.status === 401 || response.status === 403;
    const message = `the registry ${this.registry} refuses ${this.#repository}: ${response.status}${said}`;
    return new VakthundError(
      'EVIDENCE_READ',
      message,
      isLogin ? { hint: 'give --auth-file, or log in with docker login' } : {},
    );
  }
}

/** `errors[0].message` of a registry's answer (distribution-spec, error codes). */
function firstMessage(body: Buffer): string {
  try {
    const [first] = member(parseJson(body, 'answer'), 'errors') as unknown[];
    const message = textOf(member(first, 'message'));
    return message === undefined ? '' : `, ${JSON.stringify(message.slice(0, 200))}`;
  } catch {
    return '';
  }
}

function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function pauseMs(response: Response, attempt: number): number {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Math.min(seconds >= 0 ? seconds * 1000 : 500 * 2 ** attempt, longestPauseMs);
}

function unreachable(host: string, error: unknown): VakthundError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const hint = isCertificateFault(error)
    ? { hint: 'where it is a registry of your own, name the certificate of its authority: NODE_EXTRA_CA_CERTS=ca.crt' }
    : {};
  return new VakthundError('EVIDENCE_READ', `${host} cannot be asked: ${messageOf(cause)}`, { cause: error, ...hint });
}

/** Whether TLS was spoken, and the certificate does not hold; the codes are those of OpenSSL, as Node gives them. */
function isCertificateFault(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /CERT|^UNABLE_TO_VERIFY_LEAF_SIGNATURE$|^HOSTNAME_MISMATCH$/.test(code);
}

/** The body, chunk by chunk. */
export async function* chunksOf(response: Response): AsyncGenerator<Buffer> {
  for await (const chunk of response.body ?? []) {
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

export function bodyOf(response: Response, maxBytes: number, what: string): Promise<Buffer> {
  return collect(chunksOf(response), maxBytes, what);
}
