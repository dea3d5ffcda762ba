import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../tests/support/memory-tree.ts';
import { Constraints } from './constraints.ts';
import type { HostRow } from './host-row.ts';
import { TableContext } from './table-context.ts';
import type { HostTable } from './table.ts';
import { hostTables, type HostTableId } from './tables/registry.generated.ts';

const accounts = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n' };

async function read(id: HostTableId, files: Readonly<Record<string, MemoryFile>>, uid?: string) {
  const context = new TableContext(new MemoryTree({ ...accounts, ...files }));
  const constraints = new Constraints(new Map(uid === undefined ? [] : [['uid', { equal: [uid], like: [] }]]));
  const rows: HostRow[] = [];
  const table: HostTable = hostTables[id];
  for await (const row of table.rows(context, constraints)) rows.push(row);
  return { rows, problems: context.drainProblems().map(({ code }) => code) };
}

const profile = '/home/ann/.config/google-chrome/Default';
const key = Buffer.from('a public key').toString('base64');
const digits = createHash('sha256').update('a public key').digest('hex').slice(0, 32);
const identifier = digits.replaceAll(/./g, (digit) => 'abcdefghijklmnop'.charAt(Number.parseInt(digit, 16)));

describe('extensions of Chrome', () => {
  const manifest = JSON.stringify({
    name: '__MSG_appName__',
    version: '1.2',
    default_locale: 'en',
    key,
    permissions: ['tabs', '<all_urls>', { socket: [] }],
    background: { persistent: true },
  });
  const files = {
    [`${profile}/Preferences`]: JSON.stringify({ profile: { name: 'Person 1' } }),
    [`${profile}/Secure Preferences`]: JSON.stringify({
      extensions: {
        settings: {
          [identifier]: {
            path: `${identifier}/1.2_0`,
            from_webstore: true,
            state: 1,
            install_time: '13300000000000000',
          },
          unpacked: { path: '/home/ann/dev', state: 1 },
          gone: { path: 'gone/1_0' },
        },
      },
    }),
    [`${profile}/Extensions/${identifier}/1.2_0/manifest.json`]: manifest,
    [`${profile}/Extensions/${identifier}/1.2_0/_locales/en/messages.json`]: '{"APPNAME":{"message":"Good one"}}',
    [`${profile}/Extensions/left/0.1_0/manifest.json`]: '{"name":"Left behind","version":"0.1"}',
    '/home/ann/dev/manifest.json': '{"name":"__MSG_none__","default_locale":"../../../etc"}',
  };

  it('are those that a profile names, and those that only lie there', async () => {
    const { rows, problems } = await read('chrome_extensions', files);
    expect(problems).toEqual([]);
    expect(rows.map(({ name, referenced, identifier: id }) => [name, referenced, id])).toEqual([
      ['Good one', 1, identifier],
      ['__MSG_none__', 1, 'unpacked'],
      ['Left behind', 0, ''],
    ]);
    expect(rows[0]).toMatchObject({
      browser_type: 'chrome',
      uid: 1000,
      profile: 'Person 1',
      profile_path: profile,
      referenced_identifier: identifier,
      permissions: 'tabs, <all_urls>',
      persistent: 1,
      manifest_hash: createHash('sha256').update(manifest).digest('hex'),
      from_webstore: 'true',
      state: '1',
      install_timestamp: 1_655_526_400,
    });
  });

  it('are asked of one account, and what is no JSON is a problem', async () => {
    expect((await read('chrome_extensions', files, '0')).rows).toEqual([]);
    const deep = `{"permissions":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const { rows, problems } = await read('chrome_extensions', {
      [`${profile}/Preferences`]: '{"extensions":{"settings":{"a":{"path":"/x"},"b":null,"c":{"path":"/deep"}}}}',
      '/x/manifest.json': '{',
      '/deep/manifest.json': deep,
    });
    expect(problems).toContain('bad-record');
    expect(rows.length).toBeLessThanOrEqual(1);
  });
});

describe('add-ons of Firefox', () => {
  it('are read of each profile, of the package of snap too', async () => {
    const addon = (id: string, more: object): string =>
      JSON.stringify({
        addons: [{ id, type: 'extension', version: '3', defaultLocale: { name: `Name of ${id}` }, ...more }, 7],
      });
    const { rows } = await read('firefox_addons', {
      '/home/ann/.mozilla/firefox/ab.default/extensions.json': addon('a@x', {
        active: true,
        visible: true,
        applyBackgroundUpdates: 0,
        path: '/home/ann/a.xpi',
      }),
      '/root/snap/firefox/common/.mozilla/firefox/cd.default/extensions.json': addon('b@x', { userDisabled: true }),
      '/home/ann/.mozilla/firefox/profiles.ini': '[General]',
    });
    const facts = rows.map((row) => [row['uid'], row['identifier'], row['name'], row['disabled'], row['autoupdate']]);
    expect(facts).toEqual([
      [0, 'b@x', 'Name of b@x', 1, 1],
      [1000, 'a@x', 'Name of a@x', 0, 0],
    ]);
  });
});

describe('extensions of editors', () => {
  it('are told with their edition', async () => {
    const { rows } = await read('vscode_extensions', {
      '/home/ann/.vscode-oss/extensions/extensions.json': JSON.stringify([
        {
          identifier: { id: 'ms.python', uuid: 'u-1' },
          version: '2024.1',
          location: { path: '/home/ann/.vscode-oss/extensions/ms.python-2024.1' },
          metadata: { publisherDisplayName: 'ms', publisherId: 'p', installedTimestamp: 1_700_000_000_123 },
        },
      ]),
    });
    expect(rows).toEqual([
      {
        uid: 1000,
        vscode_edition: 'vscodium',
        name: 'ms.python',
        uuid: 'u-1',
        version: '2024.1',
        path: '/home/ann/.vscode-oss/extensions/ms.python-2024.1',
        publisher: 'ms',
        publisher_id: 'p',
        installed_at: 1_700_000_000_123,
        prerelease: null,
      },
    ]);
  });
});

describe('what the kernel keeps', () => {
  it('are keys, and disks that are encrypted or lie on such', async () => {
    const keys = await read('kernel_keys', {
      '/proc/keys': '0efcc216 I------     1 perm 1f0b0000     0 65534 keyring   .builtin: empty\nbroken\n',
    });
    expect(keys.rows).toMatchObject([
      { serial_number: '0efcc216', uid: 0, gid: 65_534, description: '.builtin: empty' },
    ]);
    const disks = await read('disk_encryption', {
      '/sys/class/block/sda1/size': '1',
      '/sys/class/block/dm-0/dm/uuid': 'CRYPT-LUKS2-00ff-root\n',
      '/sys/class/block/dm-0/slaves/sda1/size': '1',
      '/sys/class/block/dm-1/dm/uuid': 'LVM-x\n',
      '/sys/class/block/dm-1/slaves/dm-0/size': '1',
    });
    expect(disks.rows.map(({ name, encrypted, uuid }) => [name, encrypted, uuid])).toEqual([
      ['/dev/dm-0', 1, 'CRYPT-LUKS2-00ff-root'],
      ['/dev/dm-1', 1, 'LVM-x'],
      ['/dev/sda1', 0, ''],
    ]);
  });
});
