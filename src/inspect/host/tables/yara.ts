import { readYaraFiles } from '../../../match/yara/rule-files.ts';
import { loadYara, type YaraMatch, type YaraRules } from '../../../match/yara/yara.ts';
import { messageOf } from '../../../base/errors.ts';
import { askedPaths } from '../asked-paths.ts';
import type { Constraints } from '../constraints.ts';
import { defineHostTable } from '../table.ts';
import type { TableContext } from '../table-context.ts';

/** Larger files are not scanned, and told. */
const maxFileBytes = 256 * 1024 * 1024;
/** Rule sets that one query names. */
const maxSets = 100;

interface RuleSet {
  readonly rules: YaraRules;
  readonly sigfile: string | null;
  readonly sigrule: string | null;
}

export const table = defineHostTable({
  id: 'yara',
  title: 'Rules of YARA that match a file',
  description:
    'Regular files that a query asks for by `path` (links followed), scanned by the rules of `sigfile`, a rule file of this machine also where another root is asked, or of `sigrule`, their text. A row for each file and rule set, also without a match (`count` 0). Groups of signatures and `sigurl` are not known: nothing is downloaded. Files over 256 MiB are passed over and told.',
  columns: {
    path: 'text',
    matches: 'text',
    count: 'integer',
    sig_group: 'text',
    sigfile: 'text',
    strings: 'text',
    tags: 'text',
  },
  hidden: { sigrule: 'text', sigurl: 'text', pid_with_namespace: 'integer' },
  needs: 'root',
  required: ['path'],
  narrowedBy: ['sigfile', 'sigrule'],
  async *rows(context, constraints) {
    const sets = await ruleSets(context, constraints);
    if (sets.length === 0) return;
    for (const path of askedPaths(context, constraints)) {
      const entry = context.tree.stat(path);
      if (entry?.type !== 'file') continue;
      if (entry.size > maxFileBytes) {
        context.complain('limit-reached', path, `it has more than ${maxFileBytes} bytes and was not scanned`);
        continue;
      }
      const bytes = context.tree.read(path, maxFileBytes);
      if (bytes === undefined) continue;
      for (const { rules, sigfile, sigrule } of sets) {
        yield { path, ...textsOf(rules.scan(bytes)), sig_group: '', sigfile, sigrule };
      }
    }
  },
});

async function ruleSets(context: TableContext, constraints: Constraints): Promise<RuleSet[]> {
  const allFiles = constraints.of('sigfile')?.equal ?? [];
  const allTexts = constraints.of('sigrule')?.equal ?? [];
  const files = allFiles.slice(0, maxSets);
  const texts = allTexts.slice(0, maxSets);
  if (files.length < allFiles.length || texts.length < allTexts.length) {
    context.complain('limit-reached', 'yara', `only the first ${maxSets} sets of rules were asked`);
  }
  if (files.length + texts.length === 0) context.complain('bad-rule', 'yara', 'it needs a sigfile or a sigrule');
  const sets: RuleSet[] = [];
  for (const sigfile of files) {
    try {
      const { rules, problems, notChecked } = await readYaraFiles([sigfile]);
      for (const { message } of problems) context.complain('bad-rule', sigfile, message);
      for (const { why } of notChecked) context.complain('unsupported', sigfile, why);
      if (rules !== undefined) sets.push({ rules, sigfile, sigrule: null });
    } catch (error) {
      context.complain('unreadable', sigfile, messageOf(error));
    }
  }
  for (const sigrule of texts) {
    const load = await loadYara([{ name: 'sigrule', text: sigrule }]);
    if (load === undefined) context.complain('unsupported', 'sigrule', 'the engine of YARA is not installed here');
    for (const { message } of load?.faults ?? []) context.complain('bad-rule', 'sigrule', message);
    if (load?.rules !== undefined) sets.push({ rules: load.rules, sigfile: null, sigrule });
  }
  return sets;
}

/** As osquery writes them: names with commas between, strings with their places in hexadecimal. */
function textsOf(found: readonly YaraMatch[]) {
  const strings = found.flatMap((match) =>
    match.strings.flatMap(({ identifier, offsets }) => offsets.map((offset) => `${identifier}:${offset.toString(16)}`)),
  );
  return {
    matches: found.map(({ rule }) => rule).join(','),
    count: found.length,
    strings: strings.join(','),
    tags: [...new Set(found.flatMap(({ tags }) => tags))].join(','),
  };
}
