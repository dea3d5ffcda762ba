import { defineCommand, type Subcommand } from '../../command.ts';
import { check } from './check.ts';
import { compare } from './compare.ts';
import { files } from './files.ts';
import { index } from './index-images.ts';
import { sbom } from './sbom.ts';
import { scan } from './scan.ts';
import { show } from './show.ts';
import { verify } from './verify.ts';

const examples = `Examples:
  vakthund image check Dockerfile compose.yml manifests/   hardening, with why and how to mend
  vakthund image show app.tar                  configuration, layers and digests
  vakthund image show registry.example/team/app:1.4 --platform linux/arm64
  vakthund image files app.tar /etc            files with the layer that each comes from
  vakthund image files app.tar --hidden        what later layers removed or overwrote, and still holds
  vakthund image index find log4j-core@2.14.1  which of the organisation's images have it, and where they run
  vakthund image sbom app.tar -o app.cdx.json  bill of materials: CycloneDX or SPDX
  vakthund image scan app.tar                  known vulnerabilities of what is installed, the worst first
  vakthund image scan app.tar --as-of 2023-09-22 --advisories osv/ --json
  vakthund image compare app.tar --with trivy.json --with grype.json --with scout.sarif
  vakthund image verify oci:./app --key cosign.pub    who signed it, with each check and its result
`;

const subcommands: readonly Subcommand[] = [check, compare, files, index, sbom, scan, show, verify];

export const command = defineCommand({
  id: 'image',
  summary: 'look into container images of archives, layouts, root filesystems and registries',
  guide: ['C13', 'C19', 'C20', 'C25', 'C26'],
  define(parent, run) {
    parent.addHelpText('before', examples);
    for (const subcommand of subcommands) subcommand.define(parent, run);
  },
});
