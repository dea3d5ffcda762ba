import { getDomain, parse } from 'tldts';

/** A name may hold any byte: it is no URL, whatever `/`, `:` or backslash it holds. */
const suffixOptions = { allowPrivateDomains: true, validateHostname: false, extractHostname: false } as const;

/**
 * Domains below which anybody gets a name of his own, and that the public suffix list lacks: dynamic DNS of afraid.org, ChangeIP and others, as
 * they tell themselves.
 */
const sharedDomains: ReadonlySet<string> = new Set(
  (
    'mooo.com chickenkiller.com strangled.net ignorelist.com crabdance.com jumpingcrab.com twilightparadox.com us.to uk.to ' +
    'yi.org dynserv.com dynserv.net dynserv.org dnsalias.net mypets.ws changeip.net dns04.com dns05.com dns1.us dns2.us dnsrd.com ' +
    'dynamic-dns.net dynamicdns.biz ddns.info ddns.ms ddns.name ddns.us dyndns.pro freeddns.com got-game.org ftpserver.biz ' +
    'myftp.info mynetav.com mynumber.org ns01.biz ns01.info ns02.biz ns02.info sexidude.com toythieves.com trickip.net ' +
    'trickip.org wikaba.com wwwhost.biz youdontcare.com zzux.com 3utilities.com bounceme.net'
  ).split(' '),
);

/**
 * The part of a name that somebody registered: by the public suffix list (ICANN and private parts), and one label more below a domain of dynamic
 * DNS. Null for a bare suffix and for an address.
 */
export function registeredDomain(name: string): string | null {
  const domain = getDomain(name, suffixOptions);
  if (domain === null || !sharedDomains.has(domain) || name.length <= domain.length) return domain;
  const below = name.slice(0, name.length - domain.length - 1);
  return `${below.slice(below.lastIndexOf('.') + 1)}.${domain}`;
}

/** Whether anybody may have a name directly below it: `com`, `co.uk`, `github.io`, dynamic DNS; not `local` or `corp`, which are one's own. */
export function isSharedSuffix(name: string): boolean {
  if (sharedDomains.has(name)) return true;
  const { publicSuffix, isIcann, isPrivate } = parse(name, suffixOptions);
  return publicSuffix === name && (isIcann === true || isPrivate === true);
}
