/** What JARM takes from the answer to one probe: `cipher|version|alpn|extensions`, in hexadecimal but for ALPN. */
export interface Answer {
  readonly cipher: string;
  readonly version: string;
  readonly protocol: string;
  readonly extensions: string;
}

export const noAnswer: Answer = { cipher: '', version: '', protocol: '', extensions: '' };

const handshakeRecord = 22;
const serverHello = 2;
/** Offset of the session id's length in the record. */
const sessionAt = 43;

/**
 * Reads a ServerHello as far as the fingerprint needs it, and as the reference does: from the first bytes that came, with
 * what is cut or odd left empty. An alert, another record, or nothing is no answer.
 */
export function readAnswer(bytes: Uint8Array): Answer {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data[0] !== handshakeRecord || data[5] !== serverHello) return noAnswer;
  const session = data[sessionAt];
  if (session === undefined) return noAnswer;
  return {
    cipher: data.toString('hex', session + 44, session + 46),
    version: data.toString('hex', 9, 11),
    ...readExtensions(data, session),
  };
}

const noExtensions = { protocol: '', extensions: '' };

function readExtensions(data: Buffer, session: number): Pick<Answer, 'protocol' | 'extensions'> {
  // No extensions but the certificate at once, and two servers that the reference knows by their bytes.
  const isCertificate = data[session + 47] === 11;
  const isOdd =
    data.toString('hex', session + 50, session + 53) === '0eac0b' || data.toString('hex', 82, 85) === '0ff00b';
  const helloLength = data.length < 5 ? 0 : data.readUInt16BE(3);
  if (isCertificate || isOdd || session + 42 >= helloLength || session + 49 > data.length) return noExtensions;
  const end = data.readUInt16BE(session + 47) + session + 48;
  const types: string[] = [];
  let protocol = '';
  for (let at = session + 49; at < end;) {
    if (at + 4 > data.length) return noExtensions;
    const type = data.toString('hex', at, at + 2);
    const length = data.readUInt16BE(at + 2);
    // The list and the name have their lengths before them.
    if (type === '0010' && protocol === '') protocol = data.toString('latin1', at + 4 + 3, at + 4 + length);
    types.push(type);
    at += 4 + length;
  }
  return { protocol, extensions: types.join('-') };
}

/** `c02f|0303|h2|ff01-000b`, as the reference prints it. */
export function answerText({ cipher, version, protocol, extensions }: Answer): string {
  return `${cipher}|${version}|${protocol}|${extensions}`;
}
