import { isUtf8 } from 'node:buffer';

const escapes = /\\(?:\\|x(?<code>[0-9a-fA-F]{2}))/g;

/**
 * Undoes the escapes of Zeek's ASCII writer: `\xNN` is a byte, `\\` a backslash, anything else stands for itself. Where
 * the bytes of a text do not make UTF-8, those beyond ASCII stay as they are written, so that nothing is lost.
 * Source: zeek/zeek src/util.cc get_escaped_string, src/Desc.cc ODesc::AddBytes.
 */
export function undoEscapes(text: string): string {
  const bytes = Buffer.from(
    Buffer.from(text, 'utf8')
      .toString('latin1')
      .replace(escapes, (_found, code?: string) => byteOf(code)),
    'latin1',
  );
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return text.replace(escapes, (found, code?: string) => (byteOf(code) < firstNonAscii ? byteOf(code) : found));
}

const firstNonAscii = '\u0080';

/** The byte of an escape as a character; a backslash without a code. */
function byteOf(code: string | undefined): string {
  return code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16));
}

/**
 * The same for Zeek's JSON, where only control characters are bytes: a backslash there is not escaped again, so `\x41`
 * may be text that somebody sent. Source: zeek/zeek src/util.cc json_escape_utf8.
 */
export function undoControlEscapes(text: string): string {
  return text.replace(/\\x(?<code>[01][0-9a-fA-F]|7[fF])/g, (_found, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
