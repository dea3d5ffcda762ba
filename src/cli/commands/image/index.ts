import { defineCommand, type Subcommand } from '../../command.ts';
import { files } from './files.ts';
import { sbom } from './sbom.ts';
import { scan } from './scan.ts';
import { show } from './show.ts';

const examples = `Examples:
  vakthund image show app.tar                  configuration, layers and digests
  vakthund image files app.tar /etc            files with the layer that each comes from
  vakthund image files app.tar --hidden        what later layers removed or overwrote, and still holds
  vakthund image sbom app.tar -o app.cdx.json  bill of materials: CycloneDX or SPDX
  vakthund image scan app.tar                  known vulnerabilities of what is installed, the worst first
  vakthund image scan app.tar --as-of 2023-09-22 --advisories osv/ --json
`;

const subcommands: readonly Subcommand[] = [files, sbom, scan, show];

export const command = defineCommand({
  id: 'image',
  summary: 'look into container images: archives, OCI layouts, root filesystems',
  define(parent, run) {
    parent.addHelpText('before', examples);
    for (const subcommand of subcommands) subcommand.define(parent, run);
  },
});
