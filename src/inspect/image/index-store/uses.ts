import { basename } from 'node:path';
import type { Problem } from '../../../base/problem.ts';
import { readYaml, type YamlMap, type YamlNode } from '../../../base/yaml-tree.ts';
import type { ImageUse } from './record.ts';

const maxUses = 100_000;

export interface FoundUses {
  readonly uses: readonly ImageUse[];
  readonly problems: readonly Problem[];
}

/** A file that may name images, by its name. */
export function mayNameImages(path: string): boolean {
  return /\.ya?ml$/i.test(path) || isDockerfile(path);
}

function isDockerfile(path: string): boolean {
  return /^(?:docker|container)file(?:\..+)?$|\.(?:docker|container)file$/i.test(basename(path));
}

/** Images that a file names: services of Compose, containers of Kubernetes, `FROM` of Dockerfiles. */
export function findUses(path: string, text: string): FoundUses {
  if (isDockerfile(path)) return { uses: fromLines(path, text), problems: [] };
  const uses: ImageUse[] = [];
  const problems: Problem[] = [];
  for (const document of readYaml(text)) {
    if ('fault' in document) {
      const { message, at } = document.fault;
      problems.push({ code: 'bad-record', at: { path, line: at.line }, message: `it is no YAML: ${message}` });
    } else collect(document.root, path, uses);
  }
  return { uses, problems };
}

function collect(root: YamlNode, path: string, into: ImageUse[]): void {
  if (root.kind !== 'map') return;
  const services = root.entries.get('services')?.value;
  if (services?.kind === 'map') collectServices(services, path, into);
  else if (root.entries.has('apiVersion')) collectContainers(root, path, into);
}

function collectServices(services: YamlMap, path: string, into: ImageUse[]): void {
  for (const { key, value } of services.entries.values()) {
    const image = value.kind === 'map' ? value.entries.get('image')?.value : undefined;
    if (image !== undefined) add(image, path, `service ${key}`, into);
  }
}

/** Every `image` beside a `name`, whatever kind of object it stands in: lists, templates of jobs, resources of operators. */
function collectContainers(root: YamlMap, path: string, into: ImageUse[]): void {
  const pending: { readonly node: YamlNode; readonly owner: string }[] = [{ node: root, owner: '' }];
  for (let next = pending.pop(); next !== undefined && into.length < maxUses; next = pending.pop()) {
    const { node } = next;
    if (node.kind === 'list') {
      for (const item of node.items.toReversed()) pending.push({ node: item, owner: next.owner });
    } else if (node.kind === 'map') {
      const owner = ownerOf(node) ?? next.owner;
      const image = node.entries.get('image')?.value;
      if (image !== undefined && node.entries.has('name')) add(image, path, owner, into);
      for (const { value } of [...node.entries.values()].reverse()) pending.push({ node: value, owner });
    }
  }
}

/** `Deployment shop` of an object that says what it is. */
function ownerOf({ entries }: YamlMap): string | undefined {
  const kind = textOf(entries.get('kind')?.value);
  const metadata = entries.get('metadata')?.value;
  if (kind === undefined || !entries.has('apiVersion')) return undefined;
  const name = metadata?.kind === 'map' ? textOf(metadata.entries.get('name')?.value) : undefined;
  return name === undefined ? kind : `${kind} ${name}`;
}

function add(node: YamlNode, path: string, what: string, into: ImageUse[]): void {
  const text = textOf(node);
  if (text !== undefined && text !== '') into.push({ reference: withDefaults(text), path, line: node.at.line, what });
}

function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** Compose's variables with the default that stands beside them: `${TAG:-1.0}`. The others stay as they are written. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{[A-Za-z_]\w*:?-(?<value>[^}]*)\}/g, '$<value>');
}

/** Bases of a Dockerfile's stages, without the stages that it names itself and without nothing (`scratch`). */
function fromLines(path: string, text: string): ImageUse[] {
  const stages = new Set(['scratch']);
  const uses: ImageUse[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const from = /^\s*FROM\s+(?:--platform=\S+\s+)?(?<image>\S+)(?:\s+AS\s+(?<stage>\S+))?/i.exec(line)?.groups;
    const image = from?.['image'];
    if (image === undefined) continue;
    if (!stages.has(image.toLowerCase())) {
      uses.push({ reference: withDefaults(image), path, line: index + 1, what: 'FROM' });
    }
    if (from?.['stage'] !== undefined) stages.add(from['stage'].toLowerCase());
    if (uses.length >= maxUses) break;
  }
  return uses;
}
