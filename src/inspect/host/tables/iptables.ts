import { messageOf } from '../../../base/errors.ts';
import { wordsOf } from '../../exposure/iptables.ts';
import { saveIptables } from '../../exposure/save-rules.ts';
import { defineHostTable } from '../table.ts';
import type { TableContext } from '../table-context.ts';

/** Where distributions keep what is loaded at boot. */
const savedFiles = [
  '/etc/iptables/rules.v4',
  '/etc/sysconfig/iptables',
  '/etc/iptables/iptables.rules',
  '/etc/iptables.rules',
];
const protocols: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  sctp: 132,
  all: 0,
};
const anyAddress = '0.0.0.0';

export const table = defineHostTable({
  id: 'iptables',
  title: 'Rules of the IPv4 firewall',
  description:
    'Of the running machine what `iptables-save -c` tells, whichever of its two kernel interfaces it uses (osquery sees the older one only, so it has no rows where rules are kept by nftables); of a root the rules that are loaded at boot. The first row of a built-in chain has its policy. `iniface_mask` and `outiface_mask` are not told. Rules that were made by `nft` itself and that iptables cannot show are not there.',
  columns: {
    filter_name: 'text', chain: 'text', policy: 'text', target: 'text', protocol: 'integer', src_port: 'text', dst_port: 'text',
    src_ip: 'text', src_mask: 'text', iniface: 'text', iniface_mask: 'text', dst_ip: 'text', dst_mask: 'text', outiface: 'text',
    outiface_mask: 'text', match: 'text', packets: 'integer', bytes: 'integer',
  }, // prettier-ignore
  needs: 'root',
  *rows(context) {
    let filter = '';
    for (const line of rulesOf(context).split('\n')) {
      if (line.startsWith('*')) filter = line.slice(1).trim();
      else if (line.startsWith(':')) yield* policyRow(line, filter);
      else if (/^(?:\[\d+:\d+\] )?-A /.test(line)) yield ruleRow(line, filter);
    }
  },
});

function rulesOf(context: TableContext): string {
  if (!context.isLive) {
    return savedFiles.map((path) => context.text(path) ?? '').join('\n');
  }
  try {
    const rules = saveIptables();
    if (rules !== undefined) return rules;
    context.complain(
      'partly-seen',
      '/proc/net/ip_tables_names',
      'the rules of the firewall: there is no iptables-save',
    );
  } catch (error) {
    context.complain('unreadable', '/proc/net/ip_tables_names', messageOf(error));
  }
  return '';
}

/** `:INPUT ACCEPT [0:0]`; a chain of one's own has no policy. */
function* policyRow(line: string, filter: string) {
  const parts = /^:(?<chain>\S+) (?<policy>\S+)(?: \[(?<packets>\d+):(?<bytes>\d+)\])?/.exec(line)?.groups;
  if (parts === undefined || parts['policy'] === '-') return;
  const { chain = '', policy = '', packets = '0', bytes = '0' } = parts;
  yield { filter_name: filter, chain, policy, packets: Number(packets), bytes: Number(bytes) };
}

/** `[0:0] -A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT` */
function ruleRow(line: string, filter: string) {
  const [, packets = '0', bytes = '0'] = /^\[(\d+):(\d+)\]/.exec(line) ?? [];
  const [, chain = '', ...words] = wordsOf(line.replace(/^\[\d+:\d+\] /, ''));
  const valueOf = (...names: readonly string[]): string => {
    const at = words.findIndex((word) => names.includes(word));
    return at < 0 ? '' : `${words[at - 1] === '!' ? '!' : ''}${words[at + 1] ?? ''}`;
  };
  const protocol = valueOf('-p').replace(/^!/, '');
  const [source, sourceMask] = addressOf(valueOf('-s'));
  const [target, targetMask] = addressOf(valueOf('-d'));
  return {
    filter_name: filter,
    chain,
    policy: '',
    target: valueOf('-j', '-g'),
    protocol: protocols[protocol] ?? (Number(protocol) || 0),
    src_port: valueOf('--sport', '--sports'),
    dst_port: valueOf('--dport', '--dports'),
    src_ip: source,
    src_mask: sourceMask,
    iniface: valueOf('-i') || 'all',
    dst_ip: target,
    dst_mask: targetMask,
    outiface: valueOf('-o') || 'all',
    match: words.includes('-m') ? 'yes' : 'no',
    packets: Number(packets),
    bytes: Number(bytes),
  };
}

/** Address and mask of `10.0.0.0/8`, with `!` before the address of all others. */
function addressOf(text: string): readonly [address: string, mask: string] {
  const [address = '', bits = '32'] = text.split('/');
  if (address === '') return [anyAddress, anyAddress];
  if (bits.includes('.')) return [address, bits];
  const mask = Number(bits) === 0 ? 0 : (0xffff_ffff << (32 - Number(bits))) >>> 0;
  return [address, [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.')];
}
