import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRules } from '../../rule-files.ts';

/**
 * The report of each language's own tool. JSON: that tool's object, or a list of them when files of several languages
 * are given. Exit code 2 when a file has an error.
 */
export async function checkRules(
  files: readonly string[],
  pipelines: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const loaded = await loadRules(files, { pipelines });
  if (terminal.json) {
    const objects = loaded.map(({ set }) => set.json());
    terminal.out(`${JSON.stringify(objects.length === 1 ? objects[0] : objects)}\n`);
  } else {
    for (const { set } of loaded) terminal.out(set.text());
  }
  return loaded.every(({ set }) => set.files.every((file) => file.isOk)) ? 0 : 2;
}
