/** What a registry asks for before it answers (RFC 9110, 11.6.1; distribution, "Token Authentication"). */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const maxLength = 8192;

/** Reads the first challenge of a `WWW-Authenticate` header that is one of the two schemes; undefined when there is none. */
export function parseChallenge(header: string): Challenge | undefined {
  const text = header.slice(0, maxLength);
  const start = /(?:^|,)\s*(?<scheme>bearer|basic)(?:\s+|$)/i.exec(text);
  const scheme = start?.groups?.['scheme']?.toLowerCase();
  if (start === null || scheme === undefined) return undefined;
  const parameters: Record<string, string> = {};
  const pattern = /\s*(?<name>[a-z]+)\s*=\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^\s,"]+))\s*(?:,|$)/iy;
  pattern.lastIndex = start.index + start[0].length;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const { name = '', quoted, plain } = found.groups ?? {};
    parameters[name.toLowerCase()] ??= quoted ?? plain ?? '';
  }
  return { scheme, parameters };
}
