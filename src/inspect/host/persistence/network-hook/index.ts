import { filesAt, filesIn, foldersIn, isExecutable, plainLines, readLines } from '../../locations.ts';
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
  '/etc/ifplugd/action.d',
  '/etc/resolvconf/update.d',
  '/etc/resolvconf/update-libc.d',
  '/usr/lib/dhcpcd/dhcpcd-hooks',
  '/etc/vpnc/connect.d',
  '/etc/vpnc/post-connect.d',
];
const dispatcherRoots = [
  '/etc/NetworkManager/dispatcher.d',
  '/usr/lib/NetworkManager/dispatcher.d',
  '/etc/networkd-dispatcher',
  '/usr/lib/networkd-dispatcher',
];
const settingFiles = ['/etc/network/interfaces', '/etc/dhcp/dhclient.conf', '/etc/dhcpcd.conf', '/etc/rc.firewall'];

const settingFolders = [
  '/etc/network/interfaces.d',
  '/etc/wireguard',
  '/etc/openvpn',
  '/etc/openvpn/client',
  '/etc/openvpn/server',
];
const commandPattern = /^(?:(?:pre-|post-)?(?:up|down)|script)\s+"?(?<command>.+?)"?;?$/;
/** wg-quick(8) and openvpn(8). */
const tunnelPattern =
  /^(?:(?:Pre|Post)(?:Up|Down)\s*=\s*|(?:up|down|route-up|route-pre-down|ipchange|tls-verify|tls-crypt-v2-verify|auth-user-pass-verify|client-(?:dis)?connect|learn-address|plugin)\s+)["']?(?<command>[^"']+)/;

export const technique = defineTechnique({
  id: 'network-hook',
  title: 'Scripts that network events start',
  description:
    'Scripts that root runs when an interface or a link goes up or down, or when an address is leased, and the commands in /etc/network/interfaces and in the settings of tunnels.',
  places: [
    '/etc/NetworkManager/dispatcher.d/**',
    '/etc/network/if-*.d/*',
    '/etc/network/interfaces',
    '/etc/dhcp/dhclient-*-hooks.d/*',
    '/etc/ppp/ip-up.d/*',
    '/etc/networkd-dispatcher/**',
    '/etc/{wireguard,openvpn}/**',
    '/usr/share/udhcpc/default.script',
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
      yield { path, title: 'script that a network event starts', runs: readLines(tree, path), unowned: 0.5 };
    }
    for (const { path } of filesAt(tree, [
      '/etc/dhcpcd.enter-hook',
      '/etc/dhcpcd.exit-hook',
      '/etc/dhcp/dhclient-script',
      '/etc/ppp/ip-up',
      '/etc/ppp/ip-down',
      '/usr/share/udhcpc/default.script',
    ])) {
      yield { path, title: 'script that a network event starts', runs: readLines(tree, path), unowned: 0.35 };
    }
    const settings = [
      ...filesAt(tree, settingFiles),
      ...filesIn(tree, settingFolders, (name) => !name.includes('.') || name.endsWith('.conf')),
    ];
    for (const { path } of settings) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const tunnel = /^\/etc\/(?:wireguard|openvpn)\//.test(path);
        const command = (tunnel ? tunnelPattern : commandPattern).exec(text)?.groups?.['command'];
        if (command === undefined) continue;
        const sign = { what: 'runs when an interface changes', value: text, weight: tunnel ? 0.1 : 0.25 };
        yield {
          path,
          line,
          title: 'command of an interface',
          runs: command,
          user: 'root',
          unowned: 0.05,
          signs: [sign],
        };
      }
    }
  },
});
