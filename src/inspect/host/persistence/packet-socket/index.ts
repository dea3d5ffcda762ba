import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
import type { HeldSocket } from '../../proc/live-host.ts';
import { executableSigns, isPackagedProgram, processItem } from '../../process-item.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

/** Programs that listen to the wire or make packets for a living. */
const sniffers =
  /^(?:tcpdump|tshark|dumpcap|wireshark|suricata|zeek|snort|ntopng|arpwatch|p0f|dhclient|dhcpcd|udhcpc|NetworkManager|systemd-networkd|wpa_supplicant|hostapd|lldpd|lldpad|keepalived|radvd|pppoe|pppd|dnsmasq|dhcpd|kea-\w+|ping\d?|fping|mtr(?:-packet)?|traceroute\S*|nmap|masscan|arping|hping3|iftop|nethogs|ngrep|bird\d?|ospfd|zebra|frr|strongswan|charon|conntrackd|keepalived|netsniff-ng|falco|sysdig|cilium-agent|calico-node|ovs-\w+|snmpd|smartdns|avahi-autoipd|networkd|connmand|iwd|stenotype|arkime-capture|capture|packetbeat|auditbeat|osqueryd)$/;

export const technique = defineTechnique({
  id: 'packet-socket',
  title: 'Programs that listen to the wire',
  description:
    'Processes with a packet or raw socket, which sees all traffic below the firewall: backdoors such as BPFDoor wait on one for a magic packet and open no port. Sniffers, DHCP clients and routing daemons from packages are known; an interpreter or a program of no package with one is not.',
  places: ['/proc/*/net/{packet,raw,raw6}', '/proc/*/fd'],
  attack: ['T1205.002'],
  guide: ['B03', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1205/002/'],
  needs: 'live',
  *find(context) {
    const seen = new Set<number>();
    for (const held of context.live?.held() ?? []) {
      const { process, socket } = held;
      if ((socket.protocol !== 'packet' && socket.protocol !== 'raw') || seen.has(process.pid)) continue;
      seen.add(process.pid);
      const name = nameOf(process.executable ?? process.name);
      if (sniffers.test(name) && isPackagedProgram(process, context)) continue;
      yield processItem(process, context, {
        title: 'process that listens to the wire',
        signs: signsOf(held, name, context),
      });
    }
  },
});

function signsOf({ process, socket }: HeldSocket, name: string, context: HostContext): Sign[] {
  const isPacket = socket.protocol === 'packet';
  const value = isPacket
    ? `packet socket, protocol 0x${socket.number.toString(16)}`
    : `raw socket, protocol ${socket.number}`;
  const signs: Sign[] = [
    {
      what: isPacket ? 'sees packets before the firewall' : 'sees packets besides the connections',
      value,
      weight: isPacket ? 0.6 : 0.55,
    },
  ];
  if (isInterpreter(name)) {
    signs.push({ what: 'is a script', value: process.argv.join(' ').slice(0, 200), weight: 0.35 });
  } else if (sniffers.test(name)) signs.push({ what: 'has the name of a known sniffer', value: name, weight: 0.1 });
  return [...signs, ...executableSigns(process, context)];
}
