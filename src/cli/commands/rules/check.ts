import type { ExitCode } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { loadRules } from '../../rule-files.ts';
import { eventFormat } from '../../../match/event-format.ts';
import type { RuleFileVerdict, RuleSet } from '../../../detect/rules/rule-language.ts';

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
  if (!terminal.quiet) terminal.talk(loaded.map(({ set }) => untoldFields(set)).join(''));
  return loaded.every(({ set }) => set.files.every((file) => file.isOk)) ? 0 : 2;
}

/** What a rule asks for and no event of ours tells; captures and records of its own may. */
function untoldFields({ rules }: RuleSet): string {
  const lines = rules.flatMap((rule) => {
    const fields = rule.isEnabled ? (rule.untold?.() ?? []) : [];
    if (fields.length === 0) return [];
    const named = fields.map(({ field }) => field).join(', ');
    const effect = rule.missing(eventFormat).length > 0 ? 'it can never match them' : 'its tests of that are false';
    return [
      `${rule.path}:${rule.line}: note: ${rule.title}: events of sensors and logs do not tell ${named}: ${effect}\n`,
    ];
  });
  return lines.join('');
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
