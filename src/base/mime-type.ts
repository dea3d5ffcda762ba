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
  ['image/tiff', 0, 'II*\u0000'],
  ['image/tiff', 0, 'MM\u0000*'],
  ['image/webp', 8, 'WEBPVP8'],
  ['image/x-icon', 0, '\u0000\u0000\u0001\u0000'],
  ['application/pdf', 0, '%PDF-'],
  ['application/x-gzip', 0, '\u001f\u008b'],
  ['application/x-bzip2', 0, 'BZh'],
  ['application/x-xz', 0, '\u00fd7zXZ\u0000'],
  ['application/x-7z-compressed', 0, "7z\u00bc\u00af'\u001c"],
  ['application/x-rar', 0, 'Rar!\u001a\u0007'],
  ['application/zstd', 0, '(\u00b5/\u00fd'],
  ['application/vnd.ms-tnef', 0, 'x\u009f>"'],
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
  ['text/rtf', 0, '{\\rtf'],
  ['application/postscript', 0, '%!PS'],
  ['application/x-sqlite3', 0, 'SQLite format 3\u0000'],
];

/** Beginnings of text, in order of Zeek's strength (zeek/zeek scripts/base/frameworks/files/magic). */
const patterns: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['text/x-shellscript', /^#![^\n]{1,15}bin\/(?:env\s+)?(?:ba|tc|c|z|fa|ae|k)?sh/],
  ['text/x-msdos-batch', /^@ *(?:echo +off|rem|set +)/i],
  [
    'text/html',
    /^(?:\s*<!--[^]{0,500}?-->)?\s*(?:<\?xml [^>]{0,300}>\s*)?<(?:!doctype +html|html|head|title|body|meta +http-equiv)/i,
  ],
  ['text/x-python', /^#![^\n]{1,15}bin\/(?:env\s+)?python/],
  ['text/x-perl', /^#![^\n]{1,15}bin\/(?:env\s+)?perl/],
  ['text/x-ruby', /^#![^\n]{1,15}bin\/(?:env\s+)?ruby/],
  ['text/x-php', /^[^\n]{0,500}<\?php/],
  ['application/javascript', /^\s*<script\s+(?:type|language)=['"]?(?:text\/)?javascript/i],
  [
    'application/javascript',
    /^(?:\s*for \(;;\);|\s*document\.write(?:ln)? ?\(|\(function\(\)\s*\{|\s*<script>\s*(?:var|function) )/,
  ],
  ['image/svg+xml', /^\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^]{0,200}?-->\s*)?<svg\b/i],
  ['application/xml', /^(?:\s*<!--[^]{0,500}?-->)?\s*<\?xml /],
  ['text/json', /^\s*\{\s*(?:"[^"]+"|[A-Za-z][\w\\]*)\s*:\s*(?:["[{\d]|true|false)/],
  ['text/json', /^\s*\[\s*(?:(?:"[^"]+"|\d+(?:\.\d+)?|true|false)\s*,|[{[])/],
  ['text/json', /^\s*(?:\[\]|\{\})\s*$/],
  ['text/plain', /^(?:\u00fe\u00ff|\u00ff\u00fe)?[\s\x20-\x7e]{10}/],
];

const zipMark = 'PK\u0003\u0004';
const officeFolders: readonly (readonly [folder: string, type: string])[] = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
];

/** What a ZIP archive is used for, by the names of its first members; null for what is none. */
function archiveTypeOf(text: string): string | null {
  if (!text.startsWith(zipMark) || text.length < 6) return null;
  const manifest = text.indexOf('META-INF/MANIFEST.MF');
  if (manifest >= 0 && manifest < 210) return 'application/java-archive';
  for (const [folder, type] of officeFolders) {
    const isFirst = ['[Content_Types].xml', '_rels/.rels', folder].some((name) => text.startsWith(name, nameAt));
    for (let at = text.indexOf(zipMark, 4); isFirst && at >= 0; at = text.indexOf(zipMark, at + 4)) {
      if (text.startsWith(folder, at + nameAt)) return type;
    }
  }
  if (text.startsWith('\u0014\0\u0006\0', 4)) return 'application/vnd.openxmlformats-officedocument';
  return 'application/zip';
}

/** Place of the name in the header of a member. */
const nameAt = 30;

/** Types that are told by what stands at a place that may move, or by one of several values. */
function binaryTypeOf(text: string): string | null {
  const bitmapHeader = text.charCodeAt(14);
  if (text.startsWith('BM') && [12, 40, 64, 108, 124, 128].includes(bitmapHeader) && text.charCodeAt(15) === 0) {
    return 'image/x-ms-bmp';
  }
  for (const [type, identifier] of ocspIdentifiers) {
    const at = text.indexOf(identifier);
    if (at >= 11 && at <= 19) return type;
  }
  return null;
}

/** Object identifiers near the start of OCSP messages (RFC 6960): SHA-1, and a basic response. */
const ocspIdentifiers = [
  ['application/ocsp-request', '\u0006\u0005+\u000e\u0003\u0002\u001a'],
  ['application/ocsp-response', '\u0006\u0009+\u0006\u0001\u0005\u0005\u00070\u0001\u0001'],
] as const;

/** Type of a file by its first bytes; null when nothing fits. */
export function mimeTypeOf(head: Uint8Array): string | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, mimeHeadBytes)).toString('latin1');
  for (const [type, offset, magic] of signatures) if (text.startsWith(magic, offset)) return type;
  const binary = archiveTypeOf(text) ?? binaryTypeOf(text);
  if (binary !== null) return binary;
  const withoutMark = text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text;
  for (const [type, pattern] of patterns) if (pattern.test(withoutMark)) return type;
  return null;
}
