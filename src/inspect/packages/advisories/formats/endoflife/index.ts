import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { badRecord, defineAdvisoryFormat, type FeedEntry, type FeedFile } from '../../format.ts';
import { isRecord, recordsOf, textOf, type JsonRecord } from '../../json.ts';
import { yamlChild, yamlItems, yamlRoot, yamlText } from '../../yaml.ts';

export const format = defineAdvisoryFormat({
  id: 'endoflife',
  title: 'End of life dates (endoflife.date)',
  description:
    'Until when the releases of a product are supported: the Markdown files of the project, or the JSON of its interface.',
  references: ['https://endoflife.date/docs/api/v1/', 'https://github.com/endoflife-date/endoflife.date'],
  detect(_path, head) {
    const isMarkdown = /^permalink:\s*\//m.test(head) && /^(?:category|releases|releasePolicyLink):/m.test(head);
    if (isMarkdown) return 3;
    return /"eolFrom"\s*:|"isEol"\s*:/.test(head) || (/"cycle"\s*:/.test(head) && /"eol"\s*:/.test(head)) ? 3 : 0;
  },
  *read(file) {
    const text = decodeUtf8(file.bytes);
    try {
      yield* /^\s*[[{]/.test(text) ? fromJson(text, file) : fromMarkdown(text, file);
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
    }
  },
});

function* fromMarkdown(text: string, { path }: FeedFile): Generator<FeedEntry> {
  const front = /^---\n(?<yaml>[\s\S]*?)\n---(?:\n|$)/.exec(text.replaceAll('\r\n', '\n'))?.groups?.['yaml'];
  const root = yamlRoot(front ?? '');
  if (typeof root === 'string') {
    yield badRecord(path, root);
    return;
  }
  const product = yamlText(yamlChild(root, 'permalink'))?.replace(/^\//, '');
  for (const item of yamlItems(yamlChild(root, 'releases'))) {
    const release = yamlText(yamlChild(item, 'releaseCycle'));
    if (product === undefined || release === undefined) continue;
    const [end, extended] = [yamlText(yamlChild(item, 'eol')), yamlText(yamlChild(item, 'eoes'))];
    yield entryOf(product, release, end, extended);
  }
}

function* fromJson(text: string, { path }: FeedFile): Generator<FeedEntry> {
  const root: unknown = JSON.parse(text);
  // The older interface has one product a file, and does not name it in there.
  const product = /(?<stem>[^/\\!]+)\.json$/.exec(path)?.groups?.['stem'] ?? '';
  for (const { cycle, eol, extendedSupport } of recordsOf(root)) {
    yield* releaseOf(product, cycle, eol, extendedSupport);
  }
  const result = isRecord(root) ? root['result'] : undefined;
  for (const entry of isRecord(result) ? [result] : recordsOf(result)) yield* productReleases(entry);
}

function* productReleases(entry: JsonRecord): Generator<FeedEntry> {
  const product = textOf(entry['name']) ?? '';
  for (const release of recordsOf(entry['releases'])) {
    yield* releaseOf(product, release['name'], textOf(release['eolFrom']) ?? release['isEol'], release['eoesFrom']);
  }
}

function* releaseOf(product: string, release: unknown, end: unknown, extended: unknown): Generator<FeedEntry> {
  const name = textOf(release);
  if (name === undefined) return;
  yield entryOf(product, name, typeof end === 'boolean' ? String(end) : textOf(end), textOf(extended));
}

function entryOf(product: string, release: string, end: string | undefined, extended: string | undefined): FeedEntry {
  const day = (text: string | undefined): string | undefined => /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0];
  const extendedEnd = day(extended);
  return {
    kind: 'release-end',
    product,
    release,
    end: day(end) ?? (end === 'true' ? 'past' : undefined),
    ...(extendedEnd === undefined ? {} : { extendedEnd }),
  };
}
