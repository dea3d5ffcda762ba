import { findPackages, parsePackageQuery } from '../../../inspect/image/index-store/find-package.ts';
import { describeUse } from '../../../inspect/image/index-store/record.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { openIndex } from './index-file.ts';
import { nameOf, usesByImage } from './print-index.ts';

/** Prints the images that hold a package, with the file that proves it, its layer, and what uses the image. */
export function printFound(text: string, caseFolder: string, terminal: Terminal): Promise<ExitCode> {
  const index = openIndex(caseFolder);
  const found = [...findPackages(index.images, parsePackageQuery(text))];
  const uses = usesByImage(index);
  if (terminal.json) {
    const list = found.map(({ image, found: { name, version, type, purl, path, layer } }) => ({
      image: { id: image.id, digest: image.digest ?? null, names: image.names, places: image.places },
      package: { name, version, type, purl, path, layer: layer ?? null },
      uses: uses.get(image) ?? [],
    }));
    terminal.out(`${visibleJson(JSON.stringify({ found: list }, undefined, 1))}\n`);
    return Promise.resolve(0);
  }
  for (const { image, found: one } of found) {
    const layer = one.layer === undefined ? '' : `, layer ${one.layer}`;
    terminal.out(
      `${nameOf(image)}  ${visibleText(`${one.name} ${one.version} (${one.type}) in ${one.path}${layer}`)}\n`,
    );
    for (const use of uses.get(image) ?? []) terminal.out(`  used by ${visibleText(describeUse(use))}\n`);
  }
  if (found.length === 0) {
    terminal.talk(`none of ${index.images.length} images in the index has it\n`);
  }
  return Promise.resolve(0);
}
