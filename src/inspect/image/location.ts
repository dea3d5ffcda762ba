import { statSync } from 'node:fs';

/** Words before the colon that say what follows, as skopeo and podman have them; the ones for root filesystems, folders of engines and containers are ours. */
const transports = [
  'docker-archive',
  'oci',
  'oci-archive',
  'rootfs',
  'docker-store',
  'docker-container',
  'docker-daemon',
  'docker-daemon-container',
  'containerd-store',
  'containerd-container',
  'containerd',
  'containers-storage',
  'podman-container',
] as const;
export type Transport = (typeof transports)[number];

/** Where an image is: on disk, or in a registry. */
export type ImageLocation =
  | { readonly kind: 'path'; readonly transport: Transport | undefined; readonly path: string; readonly image?: string }
  | { readonly kind: 'registry'; readonly name: string };

const registryPrefix = 'docker://';

/**
 * Reads what was typed: `TRANSPORT:PATH[:IMAGE]`, `docker://NAME`, or without a word before it a path that is there, with
 * `:IMAGE` after it or not, and else a name in a registry.
 */
export function locate(reference: string): ImageLocation {
  if (reference.startsWith(registryPrefix)) return { kind: 'registry', name: reference.slice(registryPrefix.length) };
  const transport = transports.find((one) => reference.startsWith(`${one}:`));
  const rest = transport === undefined ? reference : reference.slice(transport.length + 1);
  const split = splitPath(rest);
  if (split !== undefined) return { kind: 'path', transport, ...split };
  if (transport !== undefined || looksLikePath(reference)) return { kind: 'path', transport, path: rest };
  return { kind: 'registry', name: reference };
}

/** A file that was mistyped must not become a question to a registry. */
function looksLikePath(text: string): boolean {
  return /^[./~]/.test(text) || /\.(?:tar|tgz|gz|xz|zst|bz2)(?::|$)/i.test(text);
}

/** The longest beginning up to a colon or `@` that exists is the path. Undefined when none does. */
function splitPath(text: string): { path: string; image?: string } | undefined {
  if (exists(text)) return { path: text };
  for (let at = text.lastIndexOf(':'); at > 0; at = text.lastIndexOf(':', at - 1)) {
    const path = text.slice(0, at);
    if (exists(path)) return { path, image: text.slice(at + 1) };
  }
  return undefined;
}

function exists(path: string): boolean {
  return path.length < 4096 && statSync(path, { throwIfNoEntry: false }) !== undefined;
}
