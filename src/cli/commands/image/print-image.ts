import { formatBytes } from '../../../base/bytes.ts';
import type { Problem } from '../../../base/problem.ts';
import { formatIso, type Micros } from '../../../base/time.ts';
import type { ImageConfig, ImageLayer, OpenedImage } from '../../../inspect/image/image.ts';
import { formatPlatform } from '../../../inspect/image/manifest.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';

/** Prints what an image says of itself, and its layers. */
export function printImage(reference: string, options: ImageOptions, terminal: Terminal): Promise<ExitCode> {
  return withImage(reference, options, terminal, (image) => {
    const problems = image.drainProblems();
    terminal.out(terminal.json ? asJson(image, problems) : asText(image));
    tellProblems(problems, terminal);
    return 0;
  });
}

/** One line on standard error for each. */
export function tellProblems(problems: readonly Problem[], terminal: Terminal): void {
  for (const { code, at, message, count } of problems) {
    const times = count === undefined ? '' : ` (${count} times)`;
    terminal.talk(`${visibleText(at.path ?? '')}: ${visibleText(message)} [${code}]${times}\n`);
  }
}

function asText(image: OpenedImage): string {
  const { config, layers } = image;
  const total = layers.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const lines = factsOf(image, config).map(([name, value]) => `${name.padEnd(11)} ${visibleText(value, 2000)}`);
  const count = `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}, ${formatBytes(total)}`;
  return [...lines, '', count, ...layers.map((layer) => layerLine(layer, image)), ''].join('\n');
}

/** What is told about the image, without what it does not say. */
function factsOf(image: OpenedImage, config: ImageConfig): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['image', image.tags.length > 0 ? image.tags.join(', ') : image.reference],
    ['form', image.form],
    ['digest', image.manifest?.digest],
    ['index', image.index?.digest],
    ['id', image.id],
    ['platform', image.id === undefined ? undefined : formatPlatform(config.platform)],
    ['created', isoOf(config.created)],
    ['author', config.author],
    ['user', image.id === undefined ? undefined : config.user || 'root (none is set)'],
    ['entrypoint', listText(config.entrypoint)],
    ['cmd', listText(config.cmd)],
    ['workdir', config.workingDir],
    ...config.env.map((value): [string, string] => ['env', value]),
    ['ports', config.exposedPorts.join(', ')],
    ['volumes', config.volumes.join(', ')],
    ['healthcheck', listText(config.healthcheck ?? [])],
    ['stop signal', config.stopSignal],
    ...config.onBuild.map((value): [string, string] => ['onbuild', value]),
    ...Object.entries(config.labels).map(([name, value]): [string, string] => ['label', `${name}=${value}`]),
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== '');
}

function listText(words: readonly string[]): string {
  return words.length === 0 ? '' : JSON.stringify(words);
}

function layerLine(layer: ImageLayer, image: OpenedImage): string {
  const { index, uncompressedSize, entries, history } = layer;
  const digest = (layer.digest ?? layer.diffId)?.slice(7, 19) ?? '-';
  const state = stateOf(layer, image);
  const cells = [
    String(index).padStart(3),
    digest.padEnd(12),
    formatBytes(uncompressedSize).padStart(7),
    `${entries} names`.padStart(12),
  ];
  return `${cells.join('  ')}  ${visibleText(history?.createdBy ?? '', 120)}${state}`.trimEnd();
}

/** What there is to say against a layer. What a container wrote has no digest that it could be compared with. */
function stateOf({ index, isVerified, isForeign }: ImageLayer, { form, config }: OpenedImage): string {
  if (isVerified) return '';
  if (isForeign) return '  (not read)';
  const isWritten = form.endsWith('-container') && index >= config.diffIds.length;
  return isWritten ? '  (written by the container)' : '  (not verified)';
}

function isoOf(time: Micros | undefined): string | undefined {
  return time === undefined ? undefined : formatIso(time);
}

function asJson(image: OpenedImage, problems: readonly Problem[]): string {
  const { config } = image;
  const result = {
    reference: image.reference,
    form: image.form,
    tags: image.tags,
    digest: image.manifest?.digest ?? null,
    media_type: image.manifest?.mediaType ?? null,
    index_digest: image.index?.digest ?? null,
    id: image.id ?? null,
    platform: formatPlatform(config.platform),
    created: isoOf(config.created) ?? null,
    author: config.author ?? null,
    user: config.user,
    env: config.env,
    entrypoint: config.entrypoint,
    cmd: config.cmd,
    working_dir: config.workingDir ?? null,
    exposed_ports: config.exposedPorts,
    volumes: config.volumes,
    labels: config.labels,
    healthcheck: config.healthcheck ?? null,
    stop_signal: config.stopSignal ?? null,
    shell: config.shell,
    on_build: config.onBuild,
    history: config.history.map(({ createdBy, created, author, comment, layer }) => ({
      created_by: createdBy,
      created: isoOf(created) ?? null,
      author: author ?? null,
      comment: comment ?? null,
      layer: layer ?? null,
    })),
    layers: image.layers.map((layer) => ({
      layer: layer.index,
      digest: layer.digest ?? null,
      diff_id: layer.diffId ?? null,
      media_type: layer.mediaType,
      size: layer.size,
      uncompressed_size: layer.uncompressedSize,
      entries: layer.entries,
      created_by: layer.history?.createdBy ?? null,
      is_foreign: layer.isForeign,
      is_verified: layer.isVerified,
    })),
    problems: problems.map(({ code, at, message }) => ({ code, at: at.path ?? '', message })),
  };
  return `${visibleJson(JSON.stringify(result, undefined, 1))}\n`;
}
