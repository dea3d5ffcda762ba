/** Something in a text that a list may name. */
export interface TextValue {
  readonly type: 'url' | 'host' | 'email';
  readonly value: string;
  /** Character at which it begins. */
  readonly at: number;
}

/**
 * A URL, a mail address, a name or IPv4 address, or an IPv6 address. Each begins where a word begins and its parts are bounded, so that a text
 * costs what its length says.
 */
const pattern =
  /(?<![\w.-])(?:(?<url>https?:\/\/[^\s"'<>\\^`{}|]{3,2000})|(?<email>[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z0-9-]{2,63})|(?<host>(?:[A-Za-z0-9_-]{1,63}\.){1,20}[A-Za-z0-9-]{1,63})|(?<v6>(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}))(?![\w@-])/g;

/** Every URL, mail address, name and address of a text, in its order. What stands in another one is not told by itself, but for the host of a URL. */
export function* valuesIn(text: string): Generator<TextValue> {
  for (const match of text.matchAll(pattern)) {
    const { url, email, host, v6 } = match.groups ?? {};
    const at = match.index;
    if (url !== undefined) {
      yield { type: 'url', value: url.replace(/[.,;:!?)\]]+$/, ''), at };
      const named = /^https?:\/\/(?:[^/@]{1,200}@)?(?<host>\[[0-9a-fA-F:.]{2,45}\]|[^/:?#]{1,253})/.exec(url)?.groups;
      const bare = named?.['host']?.replace(/^\[|\]$/g, '');
      if (bare !== undefined) yield { type: 'host', value: bare, at };
    } else if (email !== undefined) yield { type: 'email', value: email, at };
    else yield { type: 'host', value: host ?? v6 ?? '', at };
  }
}
