import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';

export interface ShodanClientOptions {
  /** `https://api.shodan.io`, or what stands in for it. */
  readonly api: string;
  /** Never part of a message. */
  readonly key: string;
  /** Wait between two questions: Shodan answers one a second. */
  readonly pauseMs: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back: the answer as it is, that nothing is known of the address, or why there is no answer. */
export type ShodanAnswer =
  | { readonly state: 'known'; readonly content: unknown }
  | { readonly state: 'unknown' }
  | {
      readonly state: 'failed';
      readonly reason: string;
      /** No other address will fare better. */ readonly isFinal: boolean;
    };

const maxAnswerBytes = 32 * 1024 * 1024;
/** A refusal is one sentence. */
const maxErrorBytes = 4096;
const maxErrorText = 200;
const maxTries = 3;

/** Asks Shodan's API for addresses, one after another. */
export class ShodanClient {
  readonly #options: ShodanClientOptions;
  #nextMs = 0;

  constructor(options: ShodanClientOptions) {
    this.#options = options;
  }

  async host(address: string): Promise<ShodanAnswer> {
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      const answer = await this.#ask(address);
      if (answer !== 'too-fast') return answer;
      if (attempt === maxTries) return { state: 'failed', reason: 'asked too often (429)', isFinal: true };
      this.#nextMs = performance.now() + 2 ** attempt * this.#options.pauseMs;
    }
  }

  async #turn(): Promise<void> {
    const { pauseMs, signal } = this.#options;
    const now = performance.now();
    const due = Math.max(now, this.#nextMs);
    this.#nextMs = due + pauseMs;
    if (due > now) await wait(due - now, undefined, signal === undefined ? {} : { signal });
  }

  async #ask(address: string): Promise<ShodanAnswer | 'too-fast'> {
    const { api, key, timeoutMs, signal } = this.#options;
    const failed = (reason: string, isFinal = false): ShodanAnswer => ({ state: 'failed', reason, isFinal });
    const url = `${api}/shodan/host/${encodeURIComponent(address)}?key=${encodeURIComponent(key)}`;
    const signals = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
    try {
      // A redirect would carry the key elsewhere.
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.any(signals) });
      if (response.status === 429) return 'too-fast';
      if (response.status === 404) return { state: 'unknown' };
      if (response.status === 401 || response.status === 403) {
        return failed(`the key is not accepted (${response.status})${await this.#reasonIn(response)}`, true);
      }
      if (!response.ok) return failed(`the service answered ${response.status}${await this.#reasonIn(response)}`);
      const text = await bodyOf(response, maxAnswerBytes);
      if (text === undefined) return failed(`an answer of more than ${maxAnswerBytes} bytes`);
      const content = parseJson(text);
      return content === undefined ? failed('the answer is no JSON') : { state: 'known', content };
    } catch (error) {
      signal?.throwIfAborted();
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return failed(messageOf(cause).replaceAll(key, '…'));
    }
  }

  /** What the service itself says of a refusal, as `: text`: that the key is unknown, or that the account may not ask this. Empty when it says nothing. */
  async #reasonIn(response: Response): Promise<string> {
    const body = parseJson((await bodyOf(response, maxErrorBytes)) ?? '');
    const text = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
    if (typeof text !== 'string' || text === '') return '';
    return `: ${text.slice(0, maxErrorText).replaceAll(this.#options.key, '…')}`;
  }
}

/** Undefined when it is longer than that many bytes. */
async function bodyOf(response: Response, maxBytes: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Undefined for a text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
