import { VakthundError } from '../../../../base/errors.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { familiarName } from '../../reference.ts';

/** A name of containerd's, and what it leads to. */
export interface NamedImage {
  readonly name: string;
  readonly namespace: string;
  /** Of a manifest or an index. */
  readonly digest: string;
}

/**
 * The image that is meant by a name in any way to write it, a digest or an id, in any namespace. Where namespaces have different images of this name, the
 * first counts and `problems` is told. Throws `NOT_FOUND`.
 */
export function findNamedImage(
  images: readonly NamedImage[],
  wanted: string,
  place: string,
  problems: Problem[],
): NamedImage {
  const familiar = familiarName(wanted);
  const named = images.filter(({ name }) => name === wanted || familiarName(name) === familiar);
  const found =
    named[0] ??
    images.find(({ name, digest }) => digest === wanted || name === `sha256:${wanted.replace('sha256:', '')}`);
  if (found === undefined) {
    throw new VakthundError('NOT_FOUND', `containerd has no image ${quote(wanted)}`, {
      hint: shownNames(images).slice(0, 10).join(', '),
    });
  }
  const other = named.find(({ digest }) => digest !== found.digest);
  if (other !== undefined) {
    const message = `${quote(wanted)} of the namespace ${quote(found.namespace)} is read; it is another image in ${quote(other.namespace)}, ${other.digest}`;
    problems.push({ code: 'partly-seen', at: { path: place }, message });
  }
  return found;
}

/** What people know a container by: Kubernetes' names of pod and container, nerdctl's name, else its id. */
export function containerName(id: string, labels: ReadonlyMap<string, string>): string {
  const container = labels.get('io.kubernetes.container.name');
  if (container !== undefined) return `${labels.get('io.kubernetes.pod.name') ?? ''}/${container}`;
  return labels.get('nerdctl/name') ?? id;
}

/** Each name once; Kubernetes names each image by its id too, which is left out. */
export function shownNames(images: readonly NamedImage[]): string[] {
  return [...new Set(images.filter(({ name }) => !name.startsWith('sha256:')).map(({ name }) => name))];
}
