type Json = Record<string, unknown>;

/** Tags of a package that are read, and the members of the JSON form that they are. */
const packageTags: Readonly<Record<string, string>> = {
  PackageVersion: 'versionInfo',
  PackageSourceInfo: 'sourceInfo',
  PackageLicenseConcluded: 'licenseConcluded',
  PackageLicenseDeclared: 'licenseDeclared',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
  SPDXID: 'SPDXID',
};

/** An SPDX document in tag-value form as the members of its JSON form that are read. */
export function tagValueToJson(text: string): Json {
  const document: Json = {};
  const packages: Json[] = [];
  const relationships: Json[] = [];
  const licenses: Json[] = [];
  let current: Json | undefined;
  for (const { tag, value } of tagsOf(text)) {
    if (tag === 'PackageName') {
      current = { name: value, externalRefs: [] };
      packages.push(current);
    } else if (tag === 'FileName' || tag === 'SnippetSPDXID') current = {};
    else if (tag === 'LicenseID') {
      current = { licenseId: value };
      licenses.push(current);
    } else if (tag === 'ExtractedText' && current !== undefined) current['extractedText'] = value;
    else if (tag === 'ExternalRef' && current !== undefined) addReference(current, value);
    else if (tag === 'Relationship') {
      const [spdxElementId, relationshipType, relatedSpdxElement] = value.split(/\s+/);
      relationships.push({ spdxElementId, relationshipType, relatedSpdxElement });
    } else if (current !== undefined && tag in packageTags) current[packageTags[tag] ?? ''] = value;
    else if (tag === 'SPDXVersion') document['spdxVersion'] = value;
    else if (tag === 'DocumentName') document['name'] = value;
    else if (tag === 'Created') document['creationInfo'] = { created: value };
  }
  return { ...document, packages, relationships, hasExtractedLicensingInfos: licenses };
}

/** `CATEGORY TYPE LOCATOR`. */
function addReference(current: Json, value: string): void {
  const [referenceCategory, referenceType, referenceLocator] = value.split(/\s+/);
  if (Array.isArray(current['externalRefs'])) {
    current['externalRefs'].push({ referenceCategory, referenceType, referenceLocator });
  }
}

/** `Tag: value` for each line; a value in `<text>` may have several. */
function* tagsOf(text: string): Generator<{ tag: string; value: string }> {
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf('\n', at);
    let end = lineEnd < 0 ? text.length : lineEnd;
    const colon = text.indexOf(':', at);
    const start = at;
    if (colon > 0 && colon < end) {
      let value = text.slice(colon + 1, end).trim();
      if (value.startsWith('<text>')) {
        const open = text.indexOf('<text>', colon) + '<text>'.length;
        const close = text.indexOf('</text>', open);
        const stop = close < 0 ? text.length : close;
        value = text.slice(open, stop);
        const next = text.indexOf('\n', stop);
        end = next < 0 ? text.length : next;
      }
      if (text[start] !== '#') yield { tag: text.slice(start, colon).trim(), value };
    }
    at = end + 1;
  }
}
