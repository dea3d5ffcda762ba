import { VakthundError } from '../../../base/errors.ts';
import { MessageRefused, type Receiver } from './deliver.ts';

const timeoutMs = 10_000;

/** What says that this message will never be taken. Any other failure may pass: a token is renewed, an address set up. */
const finalStatuses = new Set([400, 411, 413, 415, 422]);

/** Posts each message as JSON. One that the receiver calls wrong is not tried again. */
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
        if (finalStatuses.has(answer.status)) throw new MessageRefused(`status ${answer.status}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
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
