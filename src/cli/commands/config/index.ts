import { defineCommand } from '../../command.ts';
import { settingsOf, type GlobalOptions } from '../../context.ts';

const examples = `Examples:
  vakthund config            every setting with its value
  vakthund config --origin   and where each value comes from
`;

export const command = defineCommand({
  id: 'config',
  summary: 'show the settings in force',
  define(command, run) {
    command
      .option('--origin', 'show which file set each value')
      .addHelpText('before', examples)
      .action(() =>
        run(async (terminal) => {
          const options = command.optsWithGlobals<GlobalOptions & { origin?: boolean }>();
          const { settings, origins } = await settingsOf(options);
          if (terminal.json) {
            terminal.out(`${JSON.stringify({ settings, origins: Object.fromEntries(origins) }, null, 1)}\n`);
            return 0;
          }
          for (const [key, value] of flatten(settings)) {
            const origin = options.origin === true ? `    # ${origins.get(key) ?? 'default'}` : '';
            terminal.out(`${key}: ${JSON.stringify(value)}${origin}\n`);
          }
          return 0;
        }),
      );
  },
});

function flatten(value: unknown, prefix = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, prefix === '' ? key : `${prefix}.${key}`));
}
