import type { FirstBytes, Recognition } from '../../analyzer.ts';
import { asciiText } from '../../wire/text.ts';

/** A request line from the originator, or a status line from the responder. */
export function recognizeHttp({ orig, resp }: FirstBytes): Recognition {
  const request = orig.length === 0 ? 'more' : ofRequest(asciiText(orig));
  return request === 'match' || resp.length === 0 ? request : ofStatus(asciiText(resp, 0, 16));
}

function ofRequest(text: string): Recognition {
  const line = text.split('\n', 1)[0] ?? '';
  if (/^[A-Z]{3,20} [^\r]*HTTP\/1\.[01]\s*$/.test(line)) return 'match';
  const isWhole = text.includes('\n');
  const isBegun = /^[A-Z]{0,20}$/.test(line) || /^[A-Z]{3,20} /.test(line);
  return !isWhole && isBegun ? 'more' : 'no';
}

function ofStatus(text: string): Recognition {
  if (/^HTTP\/1\.[01] \d{3}/.test(text)) return 'match';
  return text.length < 12 && 'HTTP/1.'.startsWith(text.slice(0, 7)) ? 'more' : 'no';
}
