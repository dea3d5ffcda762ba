import type { IndicatorKind } from '../../format.ts';
import type { PatternValues } from '../../reading/joint-values.ts';

export interface Term {
  /** As in `FileItem/Md5sum`. */
  readonly search: string;
  readonly condition: string;
  readonly isNegated: boolean;
  readonly content: string;
  /** As in `md5`, `IP`, `string`. */
  readonly contentType: string;
}

/** Terms of the public lists of OpenIOC 1.0 and 1.1, in lower case, and the kind of their values; hashes are told apart by their length. */
const byTerm: readonly (readonly [RegExp, IndicatorKind])[] = [
  [/\/(?:md5sum|sha1sum|sha256sum|(?:stringlist\/)?(?:md5|sha1|sha256))$/, 'md5'],
  [/^(?:portitem\/(?:remote|local)ip|routeentryitem\/(?:destination|gateway)|network\/(?:ip|src_?ip|dst_?ip)|dnsentryitem\/recorddata\/ipv4address|arpentryitem\/ipv4address|email\/receivedfromip|.*\/remoteip)$/, 'address'],
  [/^(?:network\/(?:dns|hostname)|dnsentryitem\/(?:host|recordname)|email\/receivedfromhost|urlhistoryitem\/hostname|cookiehistoryitem\/hostname|formhistoryitem\/hostname)$/, 'domain'],
  [/^(?:network\/(?:uri|url|http_referr?er)|urlhistoryitem\/url|filedownloadhistoryitem\/sourceurl|fileitem\/downloadurl)$/, 'url'],
  [/^network\/useragent$/, 'user-agent'],
  [/^email\/(?:from|to|cc|bcc|replyto)$/, 'email'],
  [/^(?:fileitem\/(?:filename|fullpath)|processitem\/(?:name|path)|email\/attachment\/name|driveritem\/drivername|serviceitem\/path|filedownloadhistoryitem\/(?:filename|targetdirectory)|prefetchitem\/applicationfilename)$/, 'file'],
]; // prettier-ignore

/** The value that fulfils a term, or what of it is not checked. */
export function valuesOfTerm({ search, condition, isNegated, content, contentType }: Term): PatternValues {
  const nothing = { values: [], unchecked: [`${search} ${isNegated ? 'not ' : ''}${condition}`] };
  const text = content.trim();
  const kind = byTerm.find(([pattern]) => pattern.test(search.toLowerCase()))?.[1] ?? kindOfContent(contentType);
  if (kind === undefined || isNegated || text === '') return nothing;
  if (condition === 'is') {
    // A path without its slash is the part of a URL that any host may have.
    return kind === 'url' && !/^[a-z]+:\/\/|^[^/]+\.[^/]+\//i.test(text)
      ? nothing
      : { values: [{ kind, text }], unchecked: [] };
  }
  if (condition !== 'contains') return nothing;
  if (kind === 'user-agent') return { values: [{ kind, text: `*${text}*` }], unchecked: [] };
  // A host holds a name that is listed for all below it; for what ends otherwise the list says more than is checked.
  return kind === 'domain' && text.replace(/^\./, '').includes('.')
    ? { values: [{ kind, text: text.replace(/^\./, '') }], unchecked: [] }
    : nothing;
}

function kindOfContent(type: string): IndicatorKind | undefined {
  switch (type.toLowerCase()) {
    case 'md5':
    case 'sha1':
    case 'sha256':
      return 'md5';
    case 'ip':
      return 'address';
    default:
      return undefined;
  }
}
