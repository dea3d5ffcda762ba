import { isUtf8 } from 'node:buffer';

/**
 * Undoes the escapes of Zeek's ASCII writer: `\xNN` is a byte, `\\` a backslash, anything else stands for itself.
 * Bytes that do not make UTF-8 stay as they are written, so that nothing is lost.
 * Source: zeek/zeek src/util.cc get_escaped_string, src/Desc.cc ODesc::AddBytes.
 */
export function undoEscapes(text: string): string {
  return text.replace(/\\\\|(?:\\x[0-9a-fA-F]{2})+/g, (found) => (found === '\\\\' ? '\\' : bytesText(found)));
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

const firstNonAscii = 0x80;

/** Text of a run of `\xNN`. */
function bytesText(run: string): string {
  const bytes = Buffer.from(run.replaceAll('\\x', ''), 'hex');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  let from = 0;
  while (from < bytes.length) {
    let to = from;
    while (to < bytes.length && (bytes[to] as number) >= firstNonAscii) to++;
    if (to > from) {
      const part = bytes.subarray(from, to);
      text += isUtf8(part) ? part.toString('utf8') : run.slice(4 * from, 4 * to);
      from = to;
      continue;
    }
    text += String.fromCharCode(bytes[from] as number);
    from++;
  }
  return text;
}
