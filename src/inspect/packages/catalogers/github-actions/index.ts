import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

const maxLineLength = 2048;
/** `uses: owner/name/path@ref  # v1.2.3`, in any quotes. Steps by folder (`./`) and by image (`docker://`) name no action. */
const usesPattern =
  /(?:^|[\s{,-])["']?uses["']?\s*:\s*["']?(?<name>[\w.-]+\/[\w.-]+)(?:\/[^@\s"']*)?@(?<ref>[^\s"',}#]+)["']?[^#]*(?:#\s*(?:tag=)?(?<tag>v?\d[\w.+-]*))?/;

/**
 * Actions and reusable workflows line by line, so that a workflow that is no valid YAML is read too. A commit has no order: beside it people
 * write the tag in a comment, which is then the version, and the details have the commit.
 */
const readWorkflow: NameReader = function* readWorkflow(text) {
  for (const line of text.split('\n')) {
    if (line.length > maxLineLength) continue;
    const { name, ref, tag } = usesPattern.exec(line)?.groups ?? {};
    if (name === undefined || ref === undefined || name.startsWith('.')) continue;
    const isCommit = /^[0-9a-f]{40}$/.test(ref);
    yield isCommit && tag !== undefined ? { name, version: tag, details: { commit: ref } } : { name, version: ref };
  }
};

export const cataloger = defineCataloger({
  id: 'github-actions',
  title: 'GitHub Actions',
  description:
    'Actions and reusable workflows that `.github/workflows/*.yml` and `action.yml` use. Matched with advisories where the version is a whole one: a tag like `v4` moves, and a commit without a comment has no order.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax'],
  guide: ['C25'],
  wants: ({ path }) =>
    (path.endsWith('.yml') || path.endsWith('.yaml')) && /\/(?:\.github\/workflows\/[^/]+|action)\.ya?ml$/.test(path),
  catalog: (entries, { tree }) =>
    catalogNames({ id: 'github-actions', type: 'github', entries, tree, readerOf: () => readWorkflow }),
});
