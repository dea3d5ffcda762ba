/**
 * Extensions that belong to a type, for types that RITA checks (the IANA registry of text types, and XML). An empty list
 * stands for a type that is registered without an extension: a target with any extension does not match it.
 */
const extensions: Readonly<Record<string, readonly string[]>> = {
  'text/calendar': ['ics', 'ifb', 'iCal', 'iFBf'],
  'text/css': ['css'],
  'text/csv': ['csv'],
  'text/dns': ['soa', 'zone'],
  'text/html': ['html', 'htm'],
  'text/javascript': ['js', 'mjs', 'es'],
  'text/markdown': ['md', 'markdown'],
  'text/plain': ['txt', 'ps'],
  'text/uri-list': ['uris', 'uri'],
  'text/vcard': ['ifb', 'ics', 'vcf', 'vcard'],
  'text/xml': ['xml', 'xsd', 'ent', 'dtd', 'mod'],
  'text/xml-external-parsed-entity': ['xml', 'ent', 'dtd', 'mod'],
  'application/xml': ['xml', 'xsd', 'ent', 'dtd', 'mod'],
  ...Object.fromEntries(
    [
      'cache-manifest',
      'csv-schema',
      'directory',
      'ecmascript',
      'enriched',
      'example',
      'n3',
      'parameters',
      'rfc822-headers',
      'rtf',
      'SGML',
      'strings',
      't140',
      'tab-separated-values',
      'troff',
      'turtle',
      'vtt',
      'vnd.curl',
      'vnd.graphviz',
      'vnd.sun.j2me.app-descriptor',
      'vnd.wap.si',
      'vnd.wap.sl',
      'vnd.wap.wml',
      'vnd.wap.wmlscript',
      'wgsl',
    ].map((name) => [`text/${name}`, []]),
  ),
};

/** True when the type of an answer is one of the list and the target's extension is none of that type. `/` never mismatches. */
export function isMimeMismatch(target: string, mimeType: string): boolean {
  const known = Object.hasOwn(extensions, mimeType) ? extensions[mimeType] : undefined;
  if (known === undefined || target === '/') return false;
  const extension = extensionOf(target);
  return known.length === 0 ? extension !== '' : !known.includes(extension);
}

/** What follows the last dot of the last part of the path; empty when it has none. */
function extensionOf(target: string): string {
  const path = target.split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  const dot = last.lastIndexOf('.');
  return dot < 0 ? '' : last.slice(dot + 1);
}
