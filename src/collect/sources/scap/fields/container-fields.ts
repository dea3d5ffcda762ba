import type { ScapRecord } from '../record.ts';
import type { Container, Mount } from '../state/containers.ts';
import { flag, indexOf, list, number, text, type Field, type FieldSource } from './field.ts';

/** What the engine told of the container that the process runs in; undefined on the host. */
function containerOf({ thread, system }: ScapRecord): Container | undefined {
  return thread === undefined || thread.container === '' ? undefined : system.containers.get(thread.container);
}

const of =
  <V>(get: (container: Container) => V) =>
  (record: ScapRecord): V | undefined => {
    const container = containerOf(record);
    return container === undefined ? undefined : get(container);
  };

/** Processes on the host have `host` for a container. */
const orHost =
  (get: (record: ScapRecord) => string | undefined) =>
  (record: ScapRecord): string | undefined => {
    if (record.thread === undefined) return undefined;
    return record.thread.container === '' ? 'host' : get(record);
  };

const mountText = ({ source, destination, mode, isWritable, propagation }: Mount): string =>
  `${source}:${destination}:${mode}:${isWritable}:${propagation}`;

/** A mount by its position, or by a pattern of its source or destination with `*` in it. */
function mount(by: (mount: Mount) => string, get: (mount: Mount) => string): FieldSource {
  return (argument) => {
    if (argument === undefined) return undefined;
    const position = indexOf(argument);
    const matches = matcher(argument);
    return text((record) => {
      const mounts = containerOf(record)?.mounts;
      const found = position === undefined ? mounts?.find((one) => matches(by(one))) : mounts?.[position];
      return found === undefined ? undefined : get(found);
    });
  };
}

/** The literal pieces of a pattern must follow one another; a path is short, and so is the pattern of a rule. */
function matcher(pattern: string): (path: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return (path) => path === pattern;
  return (path) => {
    if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = path.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= path.length - last.length;
  };
}

/** Value of a label by name. */
function label(name: string | undefined): Field | undefined {
  if (name === undefined) return undefined;
  return text(of(({ labels }) => (Object.hasOwn(labels, name) ? labels[name] : undefined)));
}

const labelOf = (name: string): Field =>
  text(of(({ labels }) => (Object.hasOwn(labels, name) ? labels[name] : undefined)));
const destination = (one: Mount): string => one.destination;
const source = (one: Mount): string => one.source;

export const containerFields: Readonly<Record<string, FieldSource>> = {
  'container.id': text(orHost((record) => record.thread?.container)),
  'container.full_id': text(of(({ fullId }) => fullId)),
  'container.name': text(orHost(of(({ name }) => name))),
  'container.type': text(orHost(of(({ type }) => type))),
  'container.image': text(of(({ image }) => image)),
  'container.image.id': text(of(({ imageId }) => imageId)),
  'container.image.repository': text(of(({ imageRepository }) => imageRepository)),
  'container.image.tag': text(of(({ imageTag }) => imageTag)),
  'container.image.digest': text(of(({ imageDigest }) => imageDigest)),
  'container.privileged': flag(of(({ isPrivileged }) => isPrivileged)),
  'container.ip': text(of(({ ip }) => ip)),
  'container.start_ts': number(
    of(({ created }) => (created === undefined ? undefined : BigInt(Math.trunc(created)) * 1_000_000_000n)),
  ),
  'container.mounts': text(of(({ mounts }) => mounts.map(mountText).join(','))),
  'container.mount': mount(source, mountText),
  'container.mount.source': mount(destination, source),
  'container.mount.dest': mount(source, destination),
  'container.mount.mode': mount(source, ({ mode }) => mode),
  'container.mount.rdwr': mount(source, ({ isWritable }) => String(isWritable)),
  'container.mount.propagation': mount(source, ({ propagation }) => propagation),
  'container.label': label,
  'container.labels': list(of(({ labels }) => Object.entries(labels).map(([name, value]) => `${name}:${value}`))),
  'k8s.pod.name': labelOf('io.kubernetes.pod.name'),
  'k8s.ns.name': labelOf('io.kubernetes.pod.namespace'),
  'k8s.pod.uid': labelOf('io.kubernetes.pod.uid'),
  'k8s.pod.id': labelOf('io.kubernetes.pod.uid'),
};
