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
        return failed(`the key is not accepted (${response.status})`, true);
      }
      if (!response.ok) return failed(`the service answered ${response.status}`);
      const text = await bodyOf(response);
      return text === undefined
        ? failed(`an answer of more than ${maxAnswerBytes} bytes`)
        : { state: 'known', content: JSON.parse(text) as unknown };
    } catch (error) {
      signal?.throwIfAborted();
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return failed(messageOf(cause).replaceAll(key, '…'));
    }
  }
}

/** Undefined when it is longer than an answer may be. */
async function bodyOf(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxAnswerBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
