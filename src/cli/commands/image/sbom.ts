import { Option } from 'commander';
import { sbomFormats } from '../../../inspect/packages/sbom/sbom.ts';
import type { Subcommand } from '../../command.ts';
import { addImageOptions, type ImageOptions } from './image-options.ts';
import type { SbomOptions } from './write-sbom.ts';

const examples = `Examples:
  vakthund image sbom app.tar -o app.cdx.json       packages of an image, as CycloneDX
  vakthund image sbom /mnt/root --format spdx       of a root filesystem, as SPDX
  vakthund image sbom app.cdx.json --format spdx    another tool's bill, in the other form
  vakthund image sbom diff app-1.tar app-2.tar      what came, went and changed; bills are taken too
`;

export const sbom: Subcommand = {
  define(parent, run) {
    const command = addImageOptions(parent.command('sbom').summary('write a bill of materials, or compare two'))
      .addHelpText('before', examples)
      .addOption(new Option('--format <format>', 'of the bill').choices(sbomFormats).default('cyclonedx'))
      .option('-o, --output <file>', 'where to write; standard output when left out')
      .option('--files', 'also list the files that packages own (CycloneDX)')
      .action((reference: string, options: SbomOptions) =>
        run(async (terminal) => (await import('./write-sbom.ts')).writeSbom(reference, options, terminal)),
      );
    command
      .command('diff')
      .summary('compare the packages of two images or bills of materials')
      .argument('<before>', 'image, or file with a bill: CycloneDX or SPDX')
      .argument('<after>', 'the same')
      .action((before: string, after: string, _options: unknown, self: { parent: { opts(): ImageOptions } | null }) =>
        run(async (terminal) =>
          (await import('./diff-sboms.ts')).diffSboms(before, after, self.parent?.opts() ?? {}, terminal),
        ),
      );
  },
};
