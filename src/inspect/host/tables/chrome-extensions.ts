import { createHash } from 'node:crypto';
import { chromeProfiles, type ChromeExtension } from '../chrome-profiles.ts';
import { defineHostTable, type RowOf } from '../table.ts';
import { usersOf } from '../homes.ts';
import { fieldsIn, joinedTexts, plainText, readJson, type JsonFields } from '../json-file.ts';
import type { TableContext } from '../table-context.ts';

const columns = {
  browser_type: 'text',
  uid: 'bigint',
  name: 'text',
  profile: 'text',
  profile_path: 'text',
  referenced_identifier: 'text',
  identifier: 'text',
  version: 'text',
  description: 'text',
  default_locale: 'text',
  current_locale: 'text',
  update_url: 'text',
  author: 'text',
  persistent: 'integer',
  path: 'text',
  permissions: 'text',
  optional_permissions: 'text',
  manifest_hash: 'text',
  referenced: 'bigint',
  from_webstore: 'text',
  state: 'text',
  install_time: 'text',
  install_timestamp: 'bigint',
} as const;
const hidden = {
  permissions_json: 'text',
  optional_permissions_json: 'text',
  manifest_json: 'text',
  key: 'text',
  locale: 'text',
} as const;
type Row = RowOf<typeof columns & typeof hidden>;

const maxManifestBytes = 4 << 20;

export const table = defineHostTable({
  id: 'chrome_extensions',
  title: 'Extensions of Chrome and of browsers made from Chromium',
  description:
    'Manifests that a profile’s `Preferences` or `Secure Preferences` name, and those that only lie in its `Extensions` (`referenced` 0). `identifier` is made from the key of the manifest, as browsers make it; without a key it is the one that the profile has.',
  columns,
  hidden,
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const profile of chromeProfiles(context, home)) {
        const ofProfile = { uid, browser_type: profile.browser, profile: profile.name, profile_path: profile.path };
        for (const extension of profile.extensions) {
          const row = rowOf(context, extension);
          if (row !== undefined) yield { ...ofProfile, ...row };
        }
      }
    }
  },
});

function rowOf(context: TableContext, { folder, referenced }: ChromeExtension): Row | undefined {
  const path = `${folder}/manifest.json`;
  const bytes = context.tree.read(path, maxManifestBytes);
  const manifest = bytes === undefined ? undefined : readJson(context, path);
  if (bytes === undefined || manifest === undefined) return undefined;
  const key = plainText(manifest['key']);
  const localized = localizer(context, folder, manifest);
  const settings = referenced?.settings ?? {};
  const install_time = plainText(settings['install_time'] ?? settings['first_install_time']);
  return {
    name: localized('name'),
    referenced_identifier: referenced?.id ?? '',
    identifier: identifierOf(key) ?? referenced?.id ?? '',
    version: plainText(manifest['version']),
    description: localized('description'),
    default_locale: plainText(manifest['default_locale']),
    current_locale: plainText(manifest['current_locale']),
    update_url: plainText(manifest['update_url']),
    author: plainText(manifest['author']),
    persistent: Number(fieldsIn(manifest['background'])['persistent'] === true),
    path: folder,
    permissions: joinedTexts(manifest['permissions']),
    optional_permissions: joinedTexts(manifest['optional_permissions']),
    manifest_hash: createHash('sha256').update(bytes).digest('hex'),
    referenced: Number(referenced !== undefined),
    from_webstore: plainText(settings['from_webstore']),
    state: plainText(settings['state']),
    install_time,
    install_timestamp: unixSeconds(install_time),
    permissions_json: jsonText(manifest['permissions'] ?? []),
    optional_permissions_json: jsonText(manifest['optional_permissions'] ?? []),
    manifest_json: jsonText(manifest),
    key,
  };
}

/** What is nested too deeply to be written again is left out. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

/** The first half of the SHA-256 of the public key, its digits as letters from `a` to `p`. */
function identifierOf(key: string): string | undefined {
  if (key === '') return undefined;
  const digits = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32);
  return digits.replaceAll(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}

/** Texts of a manifest; `__MSG_name__` stands for one in the language that it names as its own. */
function localizer(context: TableContext, folder: string, manifest: JsonFields): (field: string) => string {
  let messages: ReadonlyMap<string, string> | undefined;
  return (field) => {
    const text = plainText(manifest[field]);
    const name = /^__MSG_(?<name>\w+)__$/.exec(text)?.groups?.['name'];
    if (name === undefined) return text;
    messages ??= messagesOf(context, folder, plainText(manifest['default_locale']));
    return messages.get(name.toLowerCase()) ?? text;
  };
}

/** By their names in lower case: browsers take them in any. */
function messagesOf(context: TableContext, folder: string, locale: string): ReadonlyMap<string, string> {
  // The name of a language, and no way out of the folder.
  const file = /^[\w-]{1,35}$/.test(locale)
    ? readJson(context, `${folder}/_locales/${locale}/messages.json`)
    : undefined;
  return new Map(
    Object.entries(file ?? {}).map(([name, value]) => [name.toLowerCase(), plainText(fieldsIn(value)['message'])]),
  );
}

/** Browsers count microseconds since 1601; 0 where nothing is told. */
function unixSeconds(installed: string): number {
  const micros = Number(installed);
  const seconds = Math.trunc(micros / 1e6) - 11_644_473_600;
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : 0;
}
