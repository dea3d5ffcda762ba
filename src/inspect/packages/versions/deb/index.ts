import { defineVersionOrder } from '../../version-order.ts';
import { compareNumbers } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'deb',
  title: 'Debian packages',
  description:
    'Epoch, upstream version and revision, each of runs of non-digits and of digits in turn; `~` comes before the end, letters before other signs. A missing epoch or revision is 0.',
  references: ['https://www.debian.org/doc/debian-policy/ch-controlfields.html#version'],
  ecosystems: ['Debian', 'Ubuntu', 'Echo', 'Kali'],
  isValid: (version) => /^(?:\d+:)?\d[A-Za-z0-9.+~:-]*$/.test(version),
  compare(left, right) {
    const [a, b] = [split(left), split(right)];
    return (
      compareNumbers(a.epoch, b.epoch) || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision)
    );
  },
});

interface Parts {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function split(version: string): Parts {
  const text = version.trim();
  const epoch = /^\d+(?=:)/.exec(text)?.[0];
  const rest = epoch === undefined ? text : text.slice(epoch.length + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch ?? '0',
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Runs of non-digits and digits in turn, as the policy has it (5.6.12). */
function comparePart(left: string, right: string): number {
  let [l, r] = [0, 0];
  while (l < left.length || r < right.length) {
    while (weight(left, l) !== 0 || weight(right, r) !== 0) {
      const order = weight(left, l++) - weight(right, r++);
      if (order !== 0) return order;
    }
    const [leftEnd, rightEnd] = [endOfDigits(left, l), endOfDigits(right, r)];
    const order = compareNumbers(left.slice(l, leftEnd), right.slice(r, rightEnd));
    if (order !== 0) return order;
    [l, r] = [leftEnd, rightEnd];
  }
  return 0;
}

/** `~` below the end and digits (both 0), letters above, everything else above them. */
function weight(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (code === 0x7e) return -1;
  if (isDigit(code)) return 0;
  return isLetter(code) ? code : code + 0x100;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
