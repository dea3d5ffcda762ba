import { X509Certificate } from 'node:crypto';
import { walkTree, type FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, lineCounter, readText } from '../../locations.ts';
import type { PersistenceItem } from '../../technique.ts';

const bundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/cert.pem'];
/** From which update-ca-certificates(8) makes the bundle. */
const sourceFolders = [
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
  '/usr/share/pki/trust/anchors',
];
const blockPattern = /-----BEGIN CERTIFICATE-----(?<body>[A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----/g;
const maxSources = 5000;

/**
 * Authorities that stand in the bundle which programs read, and in none of the files that it is made of: somebody wrote them there, and the next
 * update takes them away. Nothing is told where there are no such files.
 */
export function* addedToBundle(tree: FileTree): Generator<PersistenceItem> {
  const known = new Set<string>();
  for (const path of sourceFiles(tree)) for (const { body } of blocksOf(readText(tree, path))) known.add(body);
  if (known.size === 0) return;
  for (const { path, type } of filesAt(tree, bundles)) {
    if (type !== 'file') continue;
    const text = readText(tree, path);
    const lineAt = lineCounter(text);
    for (const { body, index } of blocksOf(text)) {
      if (known.has(body)) continue;
      yield {
        path,
        line: lineAt(index),
        rule: 'bundle',
        title: 'certificate authority',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [{ what: 'stands only in the bundle', value: subjectOf(body), weight: 0.55 }],
      };
    }
  }
}

function* sourceFiles(tree: FileTree): Generator<string> {
  let count = 0;
  for (const folder of sourceFolders) {
    for (const { path, type } of walkTree(tree, folder)) {
      if (type === 'file' && ++count <= maxSources) yield path;
    }
  }
  for (const { path, type } of filesIn(tree, ['/etc/ssl/certs'], (name) => /\.(?:pem|crt|0)$/.test(name))) {
    if (type === 'file' && !bundles.includes(path) && ++count <= maxSources) yield path;
  }
}

function* blocksOf(text: string): Generator<{ readonly body: string; readonly index: number }> {
  for (const { groups, index } of text.matchAll(blockPattern)) {
    yield { body: (groups?.['body'] ?? '').replaceAll(/\s/g, ''), index };
  }
}

function subjectOf(body: string): string {
  try {
    return new X509Certificate(Buffer.from(body, 'base64')).subject.replaceAll('\n', ', ');
  } catch {
    return 'cannot be read';
  }
}
