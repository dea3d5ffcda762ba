import type { Groups } from './message.ts';

/** A message about two ends: what stands before the first, between them, and behind. `head` ends where the first end begins. */
export interface EndsForm {
  readonly head: RegExp;
  readonly between: string;
  readonly tail?: RegExp;
}

/**
 * `outside:198.51.100.1/443`, behind it in brackets what it is translated to and the user, where they are known. The interface may be missing;
 * a name of hexadecimal digits is the beginning of an IPv6 address unless an IPv4 address follows.
 */
const end =
  /(?:(?<Interface>(?=[^\s:]{0,63}[g-zG-Z_-]|[^\s:]{1,64}:\d{1,3}\.)[^\s:/()]{1,64}):)?(?<Address>[^\s/()]{1,255})(?:\/(?<Port>[\w-]{1,32}))?(?: ?\((?<Mapped>[^()\s]{1,300})\))?(?: ?\((?!type )(?<User>[^()]{1,200})\))?/y;

/** Groups of head and tail, with the parts of the ends as `from`, `fromPort`, `fromInterface`, `to`, …; undefined for other texts. */
export function endsIn(text: string, { head, between, tail }: EndsForm): Groups | undefined {
  const start = head.exec(text);
  const from = start === null ? undefined : endAt(text, start[0].length);
  if (start === null || from === undefined || !text.startsWith(between, from.end)) return undefined;
  const to = endAt(text, from.end + between.length);
  const rest = to === undefined || tail === undefined ? undefined : tail.exec(text.slice(to.end));
  if (to === undefined || rest === null) return undefined;
  return { ...start.groups, ...partsOf('from', from.groups), ...partsOf('to', to.groups), ...rest?.groups };
}

function endAt(text: string, at: number): { readonly groups: Groups; readonly end: number } | undefined {
  end.lastIndex = at;
  const groups = end.exec(text)?.groups;
  return groups === undefined ? undefined : { groups, end: end.lastIndex };
}

function partsOf(name: string, groups: Groups): Record<string, string | undefined> {
  const { Address: address, ...rest } = groups;
  const parts = Object.entries(rest).map(([part, value]) => [`${name}${part}`, value]);
  return { [name]: address, ...(Object.fromEntries(parts) as Groups) };
}
