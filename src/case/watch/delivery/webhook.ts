import { VakthundError } from '../../../base/errors.ts';
import type { Receiver } from './deliver.ts';

const timeoutMs = 10_000;

/** Posts each message as JSON. A 4xx other than 408 and 429 means that it never will be taken: it is not tried again. */
export function webhookReceiver(url: string, options: { readonly bearerToken?: string } = {}): Receiver {
  const target = parseUrl(url);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'vakthund' };
  if (options.bearerToken !== undefined) headers['authorization'] = `Bearer ${options.bearerToken}`;
  return {
    // Without the query: keys are often written there.
    id: `${target.origin}${target.pathname}`,
    async send(messages, signal) {
      for (const body of messages) {
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const answer = await fetch(target, { method: 'POST', headers, body, signal: bounded, redirect: 'error' });
        await answer.body?.cancel();
        const isFinal = answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
        if (!answer.ok && !isFinal) throw new Error(`status ${answer.status}`);
      }
    },
  };
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new VakthundError('USAGE', `"${url}" is no http or https address`);
  }
  return parsed;
}
