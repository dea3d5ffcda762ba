/** Bytes of a file that its type is told by. */
export const mimeHeadBytes = 1024;

type Signature = readonly [type: string, offset: number, magic: string];

/** Names as libmagic and Zeek give them. Latin-1, at the offset; the first that fits counts. */
const signatures: readonly Signature[] = [
  ['application/x-dosexec', 0, 'MZ'],
  ['application/x-executable', 0, '\u007fELF'],
  ['application/x-mach-o-executable', 0, '\u00cf\u00fa\u00ed\u00fe'],
  ['application/x-mach-o-executable', 0, '\u00fe\u00ed\u00fa\u00ce'],
  ['application/x-java-applet', 0, '\u00ca\u00fe\u00ba\u00be'],
  ['image/png', 0, '\u0089PNG\r\n\u001a\n'],
  ['image/jpeg', 0, '\u00ff\u00d8\u00ff'],
  ['image/gif', 0, 'GIF8'],
  ['image/x-ms-bmp', 0, 'BM'],
  ['image/tiff', 0, 'II*\u0000'],
  ['image/tiff', 0, 'MM\u0000*'],
  ['image/webp', 8, 'WEBPVP8'],
  ['image/x-icon', 0, '\u0000\u0000\u0001\u0000'],
  ['application/pdf', 0, '%PDF-'],
  ['application/zip', 0, 'PK\u0003\u0004'],
  ['application/zip', 0, 'PK\u0005\u0006'],
  ['application/x-gzip', 0, '\u001f\u008b'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\u00fd7zXZ\u0000'],
  ['application/x-7z-compressed', 0, "7z\u00bc\u00af'\u001c"],
  ['application/x-rar', 0, 'Rar!\u001a\u0007'],
  ['application/zstd', 0, '(\u00b5/\u00fd'],
  ['application/vnd.ms-cab-compressed', 0, 'MSCF\u0000\u0000\u0000\u0000'],
  ['application/msword', 0, '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1'],
  ['application/x-shockwave-flash', 0, 'CWS'],
  ['application/x-shockwave-flash', 0, 'FWS'],
  ['application/x-tar', 257, 'ustar'],
  ['application/x-debian-package', 0, '!<arch>\ndebian'],
  ['application/x-rpm', 0, '\u00ed\u00ab\u00ee\u00db'],
  ['application/ogg', 0, 'OggS'],
  ['audio/mpeg', 0, 'ID3'],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\u001aE\u00df\u00a3'],
  ['application/font-woff', 0, 'wOFF'],
  ['application/ocsp-response', 0, '\u0030\u0082'],
  ['text/rtf', 0, '{\\rtf'],
  ['application/postscript', 0, '%!PS'],
  ['application/x-sqlite3', 0, 'SQLite format 3\u0000'],
];

const textStarts: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['text/x-shellscript', /^#! ?\/(?:usr\/)?bin\/(?:env )?(?:ba|z|k|da)?sh\b/],
  ['text/x-python', /^#! ?\/usr\/bin\/(?:env )?python/],
  ['text/x-perl', /^#! ?\/usr\/bin\/(?:env )?perl/],
  ['text/x-php', /^<\?php/],
  ['text/html', /^\s*<(?:!doctype html|html|head|title|body|script|meta|a href|table|h1)\b/i],
  ['image/svg+xml', /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,200}-->\s*)?<svg\b/i],
  ['application/xml', /^\s*<\?xml /],
  ['text/json', /^\s*[[{]\s*(?:["[{\]}]|-?\d)/],
];

/** Type of a file by its first bytes; null when nothing fits. */
export function mimeTypeOf(head: Uint8Array): string | null {
  if (head.length === 0) return null;
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, mimeHeadBytes)).toString('latin1');
  for (const [type, offset, magic] of signatures) if (text.startsWith(magic, offset)) return type;
  const withoutMark = text.replace(/^\u00ef\u00bb\u00bf/, '');
  if (!isText(head)) return null;
  for (const [type, pattern] of textStarts) if (pattern.test(withoutMark)) return type;
  return 'text/plain';
}

/** No control characters but those of text. */
function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || (byte >= 7 && byte <= 13) || byte === 27);
}
