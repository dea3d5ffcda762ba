import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command as Commander } from 'commander';
import { engineSockets } from '../../../base/engine-client.ts';
import { containerdSockets } from '../../../inspect/image/readers/engine/containerd-service.ts';
import type { OpenedImage } from '../../../inspect/image/image.ts';
import type { OpenImageOptions } from '../../../inspect/image/open-store.ts';
import { numberOf } from '../../number-option.ts';
import type { Terminal } from '../../terminal.ts';

/** Options of every command that opens an image. */
export interface ImageOptions {
  readonly platform?: string;
  readonly authFile?: string;
  readonly plainHttp?: boolean;
  readonly mirror?: readonly string[];
  readonly maxExpansion?: string;
}

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** Adds the options that say how registries are asked. */
export function addRegistryOptions(command: Commander): Commander {
  return command
    .option('--auth-file <file>', "credentials for registries; docker's and podman's own when left out")
    .option('--plain-http', 'ask registries without TLS; this machine is asked so when it must be')
    .option(
      '--mirror <name=place>',
      "ask this place first for what a registry holds, before docker's and podman's own mirrors: docker.io=mirror.example (repeatable)",
      collect,
      [],
    );
}

/** Adds the argument and the options that say which image is meant. */
export function addImageOptions(command: Commander): Commander {
  command
    .argument('<image>', 'archive, OCI layout, root filesystem, or name in a registry; FILE:TAG chooses one of several')
    .option('--platform <platform>', 'of an image for several, such as linux/arm64; this machine when left out')
    .option(
      '--max-expansion <times>',
      'stop at layers that unpack to more than 5 GB and this many times what is stored (default: 100)',
    );
  return addRegistryOptions(command);
}

/** What the options say to those who open images. */
export function openOptions(
  { platform, authFile, plainHttp, mirror = [], maxExpansion }: ImageOptions,
  terminal: Terminal,
): OpenImageOptions {
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(maxExpansion === undefined
      ? {}
      : { limits: { expansion: numberOf('--max-expansion', maxExpansion, 1, 1_000_000) } }),
    signal: terminal.signal,
    registry: {
      authFiles: authFile === undefined ? usualAuthFiles() : [authFile],
      isPlainHttp: plainHttp === true,
      rules: async () => (await import('./registry-rules.ts')).registryRules(mirror),
    },
    engineSockets: usualSockets(),
    containerdSockets: usualContainerdSockets(),
  };
}

/** What the clients of engines go by themselves, then the sockets of this user's engines, then root's. */
function usualSockets(): string[] {
  const named = ['DOCKER_HOST', 'CONTAINER_HOST'].flatMap((name) => process.env[name] ?? []);
  const unix = 'unix://';
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    ...named.filter((address) => address.startsWith(unix)).map((address) => address.slice(unix.length)),
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')]),
    ...engineSockets,
  ];
}

function usualContainerdSockets(): string[] {
  const named = process.env['CONTAINERD_ADDRESS'];
  return [...(named === undefined ? [] : [named.replace(/^unix:\/\//, '')]), ...containerdSockets];
}

function usualAuthFiles(): string[] {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const docker = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  return [...(runtime === undefined ? [] : [join(runtime, 'containers', 'auth.json')]), join(docker, 'config.json')];
}

/** Opens an image for the length of `work`. */
export async function withImage<T>(
  reference: string,
  options: ImageOptions,
  terminal: Terminal,
  work: (image: OpenedImage) => T | Promise<T>,
): Promise<T> {
  const { openImage } = await import('../../../inspect/image/open-image.ts');
  const image = await openImage(reference, openOptions(options, terminal));
  try {
    return await work(image);
  } finally {
    image.close();
  }
}
