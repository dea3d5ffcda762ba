import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { badRecord, defineAdvisoryFormat, type FeedEntry, type FeedFile } from '../../format.ts';
import { isRecord, recordsOf, textOf, textsOf } from '../../json.ts';
import { yamlChild, yamlItems, yamlRoot, yamlText, yamlTexts } from '../../yaml.ts';

export const format = defineAdvisoryFormat({
  id: 'secdb',
  title: 'Security database of apk distributions',
  description:
    'Which version of which package repaired which CVE, for one release: YAML or JSON, as Alpine, Wolfi and Chainguard publish it. Version 0 says that the package never had the fault.',
  references: ['https://secdb.alpinelinux.org/', 'https://packages.wolfi.dev/os/security.json'],
  detect: (_path, head) => (head.includes('secfixes') && /"secfixes"\s*:|^[ \t]*secfixes:/m.test(head) ? 3 : 0),
  *read(file) {
    const text = decodeUtf8(file.bytes);
    try {
      yield* /^\s*\{/.test(text) ? fromJson(text, file) : fromYaml(text, file);
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
    }
  },
});

function* fromJson(text: string, { path }: FeedFile): Generator<FeedEntry> {
  const root: unknown = JSON.parse(text);
  if (!isRecord(root)) return;
  const ecosystem = ecosystemOf(
    path,
    textOf(root['distroversion']),
    textOf(root['reponame']),
    textOf(root['urlprefix']),
  );
  for (const { pkg } of recordsOf(root['packages'])) {
    if (!isRecord(pkg)) continue;
    const name = textOf(pkg['name']);
    const fixes = pkg['secfixes'];
    if (name === undefined || !isRecord(fixes)) continue;
    for (const [version, ids] of Object.entries(fixes)) yield* fixed(ecosystem, name, version, textsOf(ids));
  }
}

function* fromYaml(text: string, { path }: FeedFile): Generator<FeedEntry> {
  const root = yamlRoot(text);
  if (typeof root === 'string') {
    yield badRecord(path, root);
    return;
  }
  const part = (key: string): string | undefined => yamlText(yamlChild(root, key));
  const ecosystem = ecosystemOf(path, part('distroversion'), part('reponame'), part('urlprefix'));
  for (const item of yamlItems(yamlChild(root, 'packages'))) {
    const pkg = yamlChild(item, 'pkg');
    const name = yamlText(yamlChild(pkg, 'name'));
    const fixes = yamlChild(pkg, 'secfixes');
    if (name === undefined || fixes?.kind !== 'map') continue;
    for (const [version, { value }] of fixes.entries) yield* fixed(ecosystem, name, version, yamlTexts(value));
  }
}

/** Wolfi and Chainguard have one stream and no release; their files say whose they are in the repository or in the path. */
function ecosystemOf(
  path: string,
  release: string | undefined,
  repository: string | undefined,
  prefix: string | undefined,
): string {
  if (release !== undefined) return `Alpine:${release}`;
  const words = `${repository ?? ''} ${prefix ?? ''} ${path}`.toLowerCase();
  if (/wolfi/.test(words)) return 'Wolfi';
  return /chainguard|cgr\.dev/.test(words) ? 'Chainguard' : 'Alpine';
}

/** Ids of one vulnerability stand in one text: `CVE-2019-1234 XSA-300`. */
function* fixed(ecosystem: string, name: string, version: string, ids: readonly string[]): Generator<FeedEntry> {
  for (const text of ids) {
    const [id, ...aliases] = text.split(/\s+/).filter((word) => /^[A-Za-z]+-[\w.-]+$/.test(word));
    if (id === undefined) continue;
    yield {
      kind: 'advisory',
      record: {
        id,
        aliases,
        upstream: [],
        severity: [],
        affected: [
          {
            ecosystem,
            name,
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] }],
            versions: [],
            severity: [],
          },
        ],
      },
    };
  }
}
