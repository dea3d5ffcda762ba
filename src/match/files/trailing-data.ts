import { mimeTypeOf } from '../../base/mime-type.ts';
import type { Severity } from '../../events/finding.ts';
import { entropyOf, entropyText, looksRandom } from './entropy.ts';
import { steganography, type FileContent, type FileSign } from './sign.ts';

/** What a format says of its end. */
interface End {
  readonly format: string;
  readonly end: number;
  readonly announced?: string | undefined;
}

/** Line ends that editors and transfers add. */
const maxLineEnds = 4;
/** Fewer bytes carry no message worth hiding. */
const minBytes = 16;

/** Data after the end of a format; undefined when there are none, or nothing but zeros (padding) and a line end. */
export function trailingDataSign(content: FileContent, { format, end, announced }: End): FileSign | undefined {
  const length = content.size - end;
  const held = content.bytes.subarray(end);
  if (length <= 0 || (held.length === length && held.every((byte) => byte === 0))) return undefined;
  if (length <= maxLineEnds && held.every((byte) => byte === 0x0a || byte === 0x0d)) return undefined;
  const type = mimeTypeOf(held);
  const entropy = entropyOf(held);
  const isAnnounced = type !== null && type === announced;
  const [severity, score] = weigh(length, type, looksRandom(entropy, held.length), isAnnounced);
  return {
    id: 'trailing-data',
    title: `${length} bytes after the end of the ${format} (${type ?? entropyText(entropy)})`,
    severity,
    score,
    at: end,
    attack: isAnnounced ? [] : [steganography],
    reasons: [
      { what: 'bytes after the end', value: String(length) },
      { what: 'their type', value: type ?? 'unknown' },
      { what: 'their entropy', value: entropyText(entropy) },
      ...(isAnnounced ? [{ what: 'announced', value: 'the image says that they follow, as cameras do' }] : []),
    ],
  };
}

function weigh(
  length: number,
  type: string | null,
  isRandom: boolean,
  isAnnounced: boolean,
): readonly [Severity, number] {
  if (isAnnounced) return ['info', 0.1];
  if (type !== null && executableTypes.test(type)) return ['high', 0.8];
  if (length < minBytes) return ['low', 0.2];
  return isRandom || (type !== null && !type.startsWith('text/')) ? ['medium', 0.6] : ['low', 0.35];
}

/** Types of programs, as `mimeTypeOf` gives them. */
export const executableTypes =
  /^(?:application\/x-(?:dosexec|executable|mach-o-executable|java-applet)|text\/x-(?:shellscript|msdos-batch|python|perl|ruby|php))$/;
