import { defineCommand, type Subcommand } from '../../command.ts';
import { files } from './files.ts';
import { show } from './show.ts';

const examples = `Examples:
  vakthund image show app.tar                  configuration, layers and digests
  vakthund image files app.tar /etc            files with the layer that each comes from
  vakthund image files app.tar --hidden        what later layers removed or overwrote, and still holds
`;

const subcommands: readonly Subcommand[] = [files, show];

export const command = defineCommand({
  id: 'image',
  summary: 'look into container images: archives, OCI layouts, root filesystems',
  define(parent, run) {
    parent.addHelpText('before', examples);
    for (const subcommand of subcommands) subcommand.define(parent, run);
  },
});
