import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { catalogTree } from '../../../inspect/packages/catalog.ts';
import type { Package } from '../../../inspect/packages/package.ts';
import { diffPackages, type SbomDifference } from '../../../inspect/packages/sbom/diff.ts';
import { looksLikeSbom, readSbom } from '../../../inspect/packages/sbom/read-sbom.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import { tellProblems } from './print-image.ts';

const headBytes = 4096;
const maxSbomBytes = 2 ** 28;

/** Prints which packages came, went and changed between two images or bills of materials. */
export async function diffSboms(
  before: string,
  after: string,
  options: ImageOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const first = await packagesOf(before, options, terminal);
  const difference = diffPackages(first, await packagesOf(after, options, terminal));
  terminal.out(terminal.json ? asJson(difference) : asText(difference));
  return 0;
}

async function packagesOf(reference: string, options: ImageOptions, terminal: Terminal): Promise<readonly Package[]> {
  const text = billIn(reference);
  if (text !== undefined) {
    const { sbom, problems } = readSbom(text);
    tellProblems(
      problems.map((problem) => ({ ...problem, at: { path: reference } })),
      terminal,
    );
    return sbom.packages;
  }
  return withImage(reference, options, terminal, (image) => {
    const catalog = catalogTree(image.tree);
    tellProblems([...image.drainProblems(), ...catalog.problems], terminal);
    return catalog.packages;
  });
}

/** Text of a file that begins like a bill of materials; undefined for an image. */
function billIn(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, head, 0, headBytes, 0);
    if (!looksLikeSbom(head.toString('utf8', 0, length))) return undefined;
  } finally {
    closeSync(file);
  }
  if (stat.size > maxSbomBytes) throw new VakthundError('EVIDENCE_LIMIT', `"${path}" has ${stat.size} bytes`);
  return readFileSync(path, 'utf8');
}

function asText({ added, removed, changed }: SbomDifference): string {
  const lines = [
    ...removed.map(({ type, name, version }) => `- ${type} ${name} ${version}`),
    ...added.map(({ type, name, version }) => `+ ${type} ${name} ${version}`),
    ...changed.map(({ type, name, from, to }) => `~ ${type} ${name} ${from.join(', ')} -> ${to.join(', ')}`),
  ];
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed`;
  return [...lines.map((line) => visibleText(line.trimEnd())), counts, ''].join('\n');
}

function asJson({ added, removed, changed }: SbomDifference): string {
  const short = ({ type, name, version, purl }: Package) => ({ type, name, version, purl });
  const result = { added: added.map(short), removed: removed.map(short), changed };
  return `${visibleJson(JSON.stringify(result, undefined, 1))}\n`;
}
