import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';
import { fieldsIn, flag, plainText, readJson, type JsonFields } from '../json-file.ts';
import type { RowOf } from '../table.ts';

const folders = [
  '.mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
];

const columns = {
  uid: 'bigint',
  name: 'text',
  identifier: 'text',
  creator: 'text',
  type: 'text',
  version: 'text',
  description: 'text',
  source_url: 'text',
  visible: 'integer',
  active: 'integer',
  disabled: 'integer',
  autoupdate: 'integer',
  location: 'text',
  path: 'text',
} as const;

export const table = defineHostTable({
  id: 'firefox_addons',
  title: 'Add-ons of Firefox',
  description:
    '`extensions.json` of every profile of every account, of the packages of snap and flatpak too. `disabled` is 1 where the user, the program or its block list turned it off.',
  columns,
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const profile of folders.flatMap((folder) => context.tree.list(`${home}/${folder}`))) {
        const { addons } = readJson(context, `${profile.path}/extensions.json`) ?? {};
        for (const addon of Array.isArray(addons) ? addons.map(fieldsIn) : []) {
          if (addon['id'] !== undefined) yield { uid, ...rowOf(addon) };
        }
      }
    }
  },
});

function rowOf(addon: JsonFields): RowOf<Omit<typeof columns, 'uid'>> {
  const words = fieldsIn(addon['defaultLocale']);
  const isOff = [addon['userDisabled'], addon['appDisabled'], addon['softDisabled']].includes(true);
  return {
    name: plainText(words['name']),
    identifier: plainText(addon['id']),
    creator: plainText(words['creator']),
    type: plainText(addon['type']),
    version: plainText(addon['version']),
    description: plainText(words['description']),
    source_url: plainText(addon['sourceURI']),
    visible: flag(addon['visible']),
    active: flag(addon['active']),
    disabled: Number(isOff),
    // 0 is off, 1 as for all, 2 on.
    autoupdate: addon['applyBackgroundUpdates'] === 0 ? 0 : 1,
    location: plainText(addon['location']),
    path: plainText(addon['path']),
  };
}
