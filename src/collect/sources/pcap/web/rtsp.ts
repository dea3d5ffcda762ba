import { headerValue, type Header } from '../mime/headers.ts';
import { wireText } from '../wire/text.ts';

/** What the beginning of a body must hold to say it: the longest method, in base64, and a blank behind it. */
const maxLooked = 64;
const answer = /^RTSP\/1\.\d \d{3} /;
const question = /^(?:OPTIONS|DESCRIBE|SETUP|GET_PARAMETER|SET_PARAMETER|PLAY) (?:rtsp:\/\/|\*)/;

/**
 * True when a body carries RTSP, as cameras and players do it through firewalls: one request whose answer brings picture and sound, another one
 * whose body holds commands in base64 (QuickTime's "Tunnelling RTSP and RTP over HTTP"). Its type says so, and its first bytes must be RTSP.
 */
export function isTunnelledRtsp(isOrig: boolean, headers: readonly Header[], start: Uint8Array): boolean {
  const type = headerValue(headers, 'CONTENT-TYPE')?.trim().toLowerCase();
  if (type !== 'application/x-rtsp-tunnelled') return false;
  const text = wireText(start.subarray(0, maxLooked));
  return isOrig ? question.test(wireText(Buffer.from(text, 'base64'))) : answer.test(text);
}
