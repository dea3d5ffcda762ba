import {
  at,
  elements,
  stringOf,
  textField,
  textOf,
  type JsonField,
  type JsonObject,
  type JsonValue,
} from './json-record.ts';

/** GitHub webhooks, with the fields of Falco's github plug-in (falcosecurity/plugins `plugins/github`). */

/** Text at a path; the plug-in gives the empty text for what is not there. */
const field = (name: string, ...path: readonly string[]): JsonField =>
  textField(name, (value) => stringOf(at(value, ...path)) ?? '');

function commitFiles(name: string, key: string): JsonField {
  return textField(name, (value) =>
    (elements(value['commits']) ?? [])
      .flatMap((commit) => elements(at(commit, key)) ?? [])
      .map((file) => stringOf(file) ?? '')
      .join(','),
  );
}

interface Match {
  readonly file: JsonValue;
  readonly match: JsonValue;
}

/** Secrets that the plug-in found in the difference; undefined when it did not look. */
function matchesOf(value: JsonObject): readonly Match[] | undefined {
  return elements(value['files'])?.flatMap((file) =>
    (elements(at(file, 'matches')) ?? []).map((match) => ({ file, match })),
  );
}

function secretField(name: string, get: (found: Match, value: JsonObject) => string): JsonField {
  return textField(name, (value) =>
    matchesOf(value)
      ?.map((found) => get(found, value))
      .join(','),
  );
}

const lineOf = ({ match }: Match): string => textOf(at(match, 'line')) ?? '0';
const fileOf = ({ file }: Match): string => stringOf(at(file, 'name')) ?? '';

const minersOf = (value: JsonObject): readonly JsonValue[] | undefined =>
  elements(at(value, 'workflow_miner_detections', 'matches'));

export const githubFields: readonly JsonField[] = [
  field('github.type', 'webhook_type'),
  field('github.action', 'action'),
  field('github.user', 'sender', 'login'),
  field('github.repo', 'repository', 'html_url'),
  field('github.repo.url', 'repository', 'html_url'),
  textField('github.repo.name', (value) =>
    (stringOf(at(value, 'repository', 'html_url')) ?? '').replace(/^https:\/\/github\.com\//, ''),
  ),
  field('github.repo.description', 'repository', 'description'),
  field('github.org', 'organization', 'login'),
  field('github.owner', 'repository', 'owner', 'login'),
  textField('github.repo.public', (value) => String(at(value, 'repository', 'private') !== true)),
  field('github.collaborator.name', 'member', 'login'),
  field('github.collaborator.role', 'changes', 'permission', 'to'),
  textField('github.webhook.id', (value) => textOf(at(value, 'hook', 'id')) ?? '0'),
  field('github.webhook.type', 'hook', 'type'),
  commitFiles('github.commit.added', 'added'),
  commitFiles('github.commit.modified', 'modified'),
  commitFiles('github.commit.removed', 'removed'),
  textField('github.diff.has_secrets', (value) => {
    const matches = matchesOf(value);
    return matches === undefined ? '' : String(matches.length > 0);
  }),
  secretField('github.diff.committed_secrets.desc', ({ match }) => stringOf(at(match, 'desc')) ?? ''),
  secretField('github.diff.committed_secrets.files', fileOf),
  secretField('github.diff.committed_secrets.lines', lineOf),
  secretField('github.diff.committed_secrets.links', (found, value) => {
    const repository = stringOf(at(value, 'repository', 'html_url')) ?? '';
    const commit = stringOf(at(value, 'head_commit', 'id')) ?? '';
    return `${repository}/blob/${commit}/${fileOf(found)}/#L${lineOf(found)}`;
  }),
  textField('github.workflow.has_miners', (value) => {
    const miners = minersOf(value);
    return miners === undefined ? undefined : String(miners.length > 0);
  }),
  textField('github.workflow.miners.type', (value) => {
    const types = minersOf(value)?.map((miner) => stringOf(at(miner, 'type')) ?? '');
    return types === undefined ? undefined : [...new Set(types)].join(',');
  }),
  field('github.workflow.filename', 'workflow', 'path'),
];
