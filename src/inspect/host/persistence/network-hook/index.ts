import { filesAt, filesIn, foldersIn, isExecutable, plainLines, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const scriptFolders = [
  '/etc/network/if-up.d',
  '/etc/network/if-down.d',
  '/etc/network/if-pre-up.d',
  '/etc/network/if-post-down.d',
  '/etc/dhcp/dhclient-enter-hooks.d',
  '/etc/dhcp/dhclient-exit-hooks.d',
  '/etc/dhcpcd.enter-hook',
  '/etc/ppp/ip-up.d',
  '/etc/ppp/ip-down.d',
  '/etc/ppp/ipv6-up.d',
  '/etc/wpa_supplicant',
  '/etc/openvpn',
  '/etc/udhcpc',
  '/etc/libvirt/hooks',
];
const dispatcherRoots = [
  '/etc/NetworkManager/dispatcher.d',
  '/usr/lib/NetworkManager/dispatcher.d',
  '/etc/networkd-dispatcher',
  '/usr/lib/networkd-dispatcher',
];
const settingFiles = ['/etc/network/interfaces', '/etc/dhcp/dhclient.conf', '/etc/dhcpcd.conf', '/etc/rc.firewall'];

export const technique = defineTechnique({
  id: 'network-hook',
  title: 'Scripts that network events start',
  description:
    'Scripts that root runs when an interface or a link goes up or down, or when an address is leased, and the commands in /etc/network/interfaces.',
  places: [
    '/etc/NetworkManager/dispatcher.d/**',
    '/etc/network/if-*.d/*',
    '/etc/network/interfaces',
    '/etc/dhcp/dhclient-*-hooks.d/*',
    '/etc/ppp/ip-up.d/*',
    '/etc/networkd-dispatcher/**',
  ],
  attack: ['T1546'],
  guide: ['B11'],
  references: [
    'https://networkmanager.dev/docs/api/latest/NetworkManager-dispatcher.html',
    'https://attack.mitre.org/techniques/T1546/',
  ],
  *find({ tree }) {
    const nested = dispatcherRoots.flatMap((root) => [root, ...[...foldersIn(tree, root)].map(({ path }) => path)]);
    for (const { path } of filesIn(tree, [...scriptFolders, ...nested])) {
      // dhclient reads its hooks into its own script, whatever their mode.
      if (!isExecutable(tree, path) && !path.includes('-hooks.d/')) continue;
      yield { path, title: 'script that a network event starts', runs: readText(tree, path), unowned: 0.5 };
    }
    for (const { path } of filesAt(tree, [
      '/etc/dhcpcd.enter-hook',
      '/etc/dhcpcd.exit-hook',
      '/etc/dhcp/dhclient-script',
      '/etc/ppp/ip-up',
      '/etc/ppp/ip-down',
    ])) {
      yield { path, title: 'script that a network event starts', runs: readText(tree, path), unowned: 0.35 };
    }
    const settings = [...filesAt(tree, settingFiles), ...filesIn(tree, ['/etc/network/interfaces.d'])];
    for (const { path } of settings) {
      for (const { line, text } of plainLines(readText(tree, path))) {
        const command = /^(?:(?:pre-|post-)?(?:up|down)|script)\s+"?(?<command>.+?)"?;?$/.exec(text)?.groups?.[
          'command'
        ];
        if (command !== undefined) {
          yield {
            path,
            line,
            title: 'command of an interface',
            runs: command,
            unowned: 0.05,
            signs: [{ what: 'runs when an interface changes', value: text, weight: 0.25 }],
          };
        }
      }
    }
  },
});
