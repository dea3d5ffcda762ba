import { nameOf } from '../tree/tree.ts';
import { fieldsIn, plainText, readJson, type JsonFields } from './json-file.ts';
import type { TableContext } from './table-context.ts';

/** Folder in the home, and the browser that keeps its profiles there. */
const browsers = [
  ['.config/google-chrome', 'chrome'],
  ['.config/google-chrome-beta', 'chrome_beta'],
  ['.config/google-chrome-unstable', 'chrome_dev'],
  ['.config/BraveSoftware/Brave-Browser', 'brave'],
  ['.config/chromium', 'chromium'],
  ['snap/chromium/common/chromium', 'chromium'],
  ['.config/microsoft-edge', 'edge'],
  ['.config/microsoft-edge-beta', 'edge_beta'],
  ['.config/yandex-browser-beta', 'yandex'],
  ['.config/opera', 'opera'],
  ['.config/vivaldi', 'vivaldi'],
  ['.config/island', 'island'],
] as const;
const preferenceNames = ['Preferences', 'Secure Preferences'];

export interface ChromeProfile {
  readonly browser: string;
  readonly path: string;
  /** What the user calls it. */
  readonly name: string;
  readonly extensions: readonly ChromeExtension[];
}

/** A folder with a manifest: one that the profile names, or that only lies there. */
export interface ChromeExtension {
  readonly folder: string;
  /** The id under which the profile names it, and what it says of it. */
  readonly referenced: { readonly id: string; readonly settings: JsonFields } | undefined;
}

/** Profiles of the browsers made from Chromium in a home. */
export function* chromeProfiles(context: TableContext, home: string): Generator<ChromeProfile> {
  for (const [folder, browser] of browsers) {
    const top = `${home}/${folder}`;
    const own = profileAt(context, browser, top);
    if (own !== undefined) {
      yield own;
      continue;
    }
    for (const { path } of context.tree.list(top)) {
      const profile = profileAt(context, browser, `${top}/${nameOf(path)}`);
      if (profile !== undefined) yield profile;
    }
  }
}

function profileAt(context: TableContext, browser: string, path: string): ChromeProfile | undefined {
  const files = preferenceNames
    .map((name) => readJson(context, `${path}/${name}`))
    .filter((file) => file !== undefined);
  if (files.length === 0) return undefined;
  const name = files.map((file) => plainText(fieldsIn(file['profile'])['name'])).find((text) => text !== '') ?? '';
  return { browser, path, name, extensions: extensionsOf(context, path, files) };
}

function extensionsOf({ tree }: TableContext, profile: string, files: readonly JsonFields[]): ChromeExtension[] {
  const found = new Map<string, ChromeExtension>();
  for (const file of files) {
    const { settings, opsettings } = fieldsIn(file['extensions']);
    for (const [id, value] of Object.entries(fieldsIn(settings ?? opsettings))) {
      const path = plainText(fieldsIn(value)['path']);
      if (path === '') continue;
      const folder = path.startsWith('/') ? path : `${profile}/Extensions/${path}`;
      found.set(folder, { folder, referenced: { id, settings: fieldsIn(value) } });
    }
  }
  // `Extensions/ID/VERSION`: also what no profile names.
  for (const extension of tree.list(`${profile}/Extensions`)) {
    for (const version of tree.list(extension.path)) {
      const folder = `${profile}/Extensions/${nameOf(extension.path)}/${nameOf(version.path)}`;
      if (!found.has(folder)) found.set(folder, { folder, referenced: undefined });
    }
  }
  return [...found.values()];
}
