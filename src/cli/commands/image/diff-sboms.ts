import { catalogTree } from '../../../inspect/packages/catalog.ts';
import type { Package } from '../../../inspect/packages/package.ts';
import { diffPackages, type SbomDifference } from '../../../inspect/packages/sbom/diff.ts';
import { readSbom } from '../../../inspect/packages/sbom/read-sbom.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { billIn } from './bill-file.ts';
import { withImage, type ImageOptions } from './image-options.ts';
import { tellProblems } from './print-image.ts';

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
