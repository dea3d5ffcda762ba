import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';
import { fieldsIn, flag, plainText, readJson, type JsonFields } from '../json-file.ts';
import type { RowOf } from '../table.ts';

/** Folder in the home, and the edition that keeps its extensions there; those of a server are of a desktop elsewhere. */
const editions = [
  ['.vscode', 'vscode'],
  ['.vscode-insiders', 'vscode_insiders'],
  ['.vscode-oss', 'vscodium'],
  ['.vscode-oss-insiders', 'vscodium_insiders'],
  ['.vscode-server', 'vscode_server'],
  ['.cursor', 'cursor'],
  ['.windsurf', 'windsurf'],
  ['.trae', 'trae'],
] as const;

const columns = {
  name: 'text',
  uuid: 'text',
  version: 'text',
  path: 'text',
  publisher: 'text',
  publisher_id: 'text',
  installed_at: 'bigint',
  prerelease: 'integer',
  uid: 'bigint',
  vscode_edition: 'text',
} as const;

export const table = defineHostTable({
  id: 'vscode_extensions',
  title: 'Extensions of Visual Studio Code and of editors made from it',
  description:
    '`extensions/extensions.json` in the folders of the editions in every home. `installed_at` is in milliseconds, as it stands there.',
  columns,
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const [folder, vscode_edition] of editions) {
        const list = readJson(context, `${home}/${folder}/extensions/extensions.json`) ?? {};
        for (const extension of Object.values(list)) yield { uid, vscode_edition, ...rowOf(fieldsIn(extension)) };
      }
    }
  },
});

function rowOf(extension: JsonFields): RowOf<Omit<typeof columns, 'uid' | 'vscode_edition'>> {
  const [identifier, location, metadata] = [extension['identifier'], extension['location'], extension['metadata']].map(
    fieldsIn,
  ) as [JsonFields, JsonFields, JsonFields];
  const installed = metadata['installedTimestamp'];
  return {
    name: plainText(identifier['id']),
    uuid: plainText(identifier['uuid']),
    version: plainText(extension['version']),
    path: plainText(location['path']),
    publisher: plainText(metadata['publisherDisplayName']),
    publisher_id: plainText(metadata['publisherId']),
    installed_at: typeof installed === 'number' ? Math.trunc(installed) : null,
    prerelease: flag(metadata['isPreReleaseVersion']),
  };
}
