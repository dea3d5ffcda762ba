import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRules } from '../../rule-files.ts';
import type { RuleFileVerdict } from '../../../detect/rules/rule-language.ts';

/**
 * The report of each language's own tool, and on standard error the warnings that it only counts. JSON: that tool's object, or a list of them when files of several languages
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
    for (const { set } of loaded) {
      const text = set.text();
      terminal.out(text);
      if (!terminal.quiet) terminal.talk(untoldWarnings(set.files, text));
    }
  }
  return loaded.every(({ set }) => set.files.every((file) => file.isOk)) ? 0 : 2;
}

/** Falco's report says no more of a sound file than that there are warnings. */
function untoldWarnings(files: readonly RuleFileVerdict[], text: string): string {
  const lines = files.flatMap(({ path, problems }) =>
    problems
      .filter(({ severity, message }) => severity === 'warning' && !text.includes(message))
      .map(({ line, code, message, rule }) => {
        const place = line === undefined ? path : `${path}:${line}`;
        return `${place}: warning: ${code}: ${message}${rule === undefined ? '' : ` (${rule})`}\n`;
      }),
  );
  return lines.join('');
}
