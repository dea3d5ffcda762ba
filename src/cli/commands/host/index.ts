import { defineCommand } from '../../command.ts';
import { auditRules } from './audit-rules.ts';
import { baseline } from './baseline.ts';
import { collect } from './collect.ts';
import { inspect } from './inspect.ts';
import { query } from './query.ts';
import { stack } from './stack.ts';

const examples = `Examples:
  vakthund host inspect                              what is planted on this machine
  vakthund host inspect --root /mnt/disk --fail-on medium
  vakthund host query "SELECT name, path FROM processes WHERE on_disk = 0"
  vakthund host query --root /mnt/disk "SELECT * FROM crontab"
  vakthund host query --pack incident-response.conf --state state.json
  vakthund host collect -o web1.tar.zst              look at it elsewhere
  vakthund host baseline create                      write files down as they are, to check them later
`;

export const command = defineCommand({
  id: 'host',
  summary: 'look for what is planted on this machine, a mounted root or an image, and ask it in SQL',
  guide: ['B07', 'B09', 'B10', 'B11', 'C22', 'C23'],
  define(command, run) {
    command.addHelpText('before', examples);
    inspect.define(command, run);
    query.define(command, run);
    baseline.define(command, run);
    collect.define(command, run);
    stack.define(command, run);
    auditRules.define(command, run);
  },
});
