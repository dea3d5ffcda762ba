import type { FirstBytes, Recognition } from '../../analyzer.ts';
import { asciiText } from '../../wire/text.ts';

/** A greeting of the client, behind one of the server where that was seen. */
export function recognizeSmtp({ orig, resp }: FirstBytes): Recognition {
  const server = asciiText(resp, 0, 4);
  if (resp.length >= 4 && !/^220[ -]$/.test(server)) return 'no';
  const client = asciiText(orig, 0, 5).toUpperCase();
  if (/^(?:HELO|EHLO) $/.test(client)) return 'match';
  return client.length < 5 && ('HELO '.startsWith(client) || 'EHLO '.startsWith(client)) ? 'more' : 'no';
}
