import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBypasses } from './bypass.ts';
import { isIpsetSave, readIpsetSave, type IpSets } from './ipset.ts';
import { isIptablesSave, readIptablesSave } from './iptables.ts';
import { mergeCaptures, type Capture } from './merge.ts';
import { isNftJson, readNftJson } from './nft-json.ts';
import { isNftRuleset, readNftRuleset } from './nftables.ts';

interface Asked {
  /** Ports that lead around the rules of the machine itself. */
  readonly sure: number[];
  /** The same, unless a condition holds that is not understood. */
  readonly likely: number[];
}

function ask(texts: readonly string[]): Asked {
  const captures: Capture[] = [];
  let sets: IpSets = new Map();
  for (const text of texts) {
    if (isIpsetSave(text)) sets = readIpsetSave(text);
    else if (isIptablesSave(text)) captures.push({ path: 'iptables', firewall: readIptablesSave(text) });
    else if (isNftJson(text)) {
      for (const firewall of readNftJson(text).firewalls) captures.push({ path: 'json', firewall });
    } else if (isNftRuleset(text)) {
      for (const firewall of readNftRuleset(text)) captures.push({ path: 'nft', firewall });
    }
  }
  const found = mergeCaptures(captures, sets).flatMap((firewall) => findBypasses(firewall).bypasses);
  const ports = (isLikely: boolean): number[] =>
    found.flatMap(({ port, doubt }) => ((doubt !== undefined) === isLikely ? [port] : [])).toSorted((a, b) => a - b);
  return { sure: ports(false), likely: ports(true) };
}

function textsOf(name: string, only = /\.(?:txt|json)$/): string[] {
  const folder = join(import.meta.dirname, 'testdata', name);
  const names = readdirSync(folder).filter((file) => only.test(file));
  return names.map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('what a stranger of another network really reached', () => {
  // 8087 was turned away by `--ctproto`, which is not understood.
  it.each<[name: string, only: RegExp, asked: Asked]>([
    ['ipset-sets', /\.txt$/, { sure: [8080, 8083, 8085, 8087, 8088], likely: [] }],
    ['iptables-conditions', /\.txt$/, { sure: [8080, 8083, 8084, 8088, 8089], likely: [8087] }],
    ['nft-sets', /\.txt$/, { sure: [8080, 8086, 8089], likely: [] }],
    ['nft-maps', /\.txt$/, { sure: [8080, 8081, 8082, 8085, 8086, 8088], likely: [] }],
    ['nft-maps', /\.json$/, { sure: [8080, 8081, 8082, 8085, 8086, 8088], likely: [] }],
    ['firewalld-policies', /\.txt$/, { sure: [8080, 8081, 8082, 8083, 8084, 8086, 8087], likely: [] }],
    ['firewalld-docker', /\.txt$/, { sure: [8080, 8082, 8084, 8085, 8086, 8087, 8088, 8089], likely: [] }],
  ])('is told of %s (%s)', (name, only, asked) => {
    expect(ask(textsOf(name, only))).toEqual(asked);
  });

  it('is told as likely where the sets are not given', () => {
    const { sure, likely } = ask(textsOf('ipset-sets', /^iptables/));
    expect(sure).toEqual([]);
    expect(likely).toEqual(expect.arrayContaining([8080, 8083, 8085, 8087, 8088]));
  });
});

/** One published port in front of a closed machine, and rules that stand before. */
function published(rules: string): string {
  return `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
${rules}
-A FORWARD -d 172.18.0.2/32 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
COMMIT
`;
}

describe('conditions of iptables', () => {
  it.each([
    ['-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP', true],
    ['-A FORWARD -p tcp -m tcp --tcp-flags ALL ALL -j DROP', true],
    ['-A FORWARD -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j DROP', true],
    ['-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP', false],
    ['-A FORWARD -m pkttype --pkt-type multicast -j DROP', true],
    ['-A FORWARD -m pkttype ! --pkt-type unicast -j DROP', true],
    ['-A FORWARD -m addrtype --src-type LOCAL -j DROP', true],
  ])('%s', (rule, isReached) => {
    expect(ask([published(rule)])).toEqual({ sure: isReached ? [8080] : [], likely: [] });
  });
});

describe('sets of the kernel', () => {
  const drop = (match: string): string => published(`-A FORWARD -m set ${match} -j DROP`);
  const sets = `create nets hash:net family inet
add nets 0.0.0.0/1
add nets 128.0.0.0/1
add nets 203.0.113.0/24 nomatch
create few hash:ip,port,net family inet
add few 192.0.2.5,tcp:80,10.0.0.0/8
create ifaces hash:net,iface family inet
add ifaces 0.0.0.0/0,eth0
create macs hash:mac
add macs 01:02:03:04:05:06
create lists list:set
add lists few
add lists lists
create banned hash:ip timeout 600
`;
  it.each<[string, Asked]>([
    ['--match-set nets src', { sure: [], likely: [] }],
    ['! --match-set nets src', { sure: [8080], likely: [] }],
    ['--match-set few src,dst,src', { sure: [8080], likely: [] }],
    ['! --match-set few src,dst,src', { sure: [], likely: [] }],
    ['--match-set ifaces src,src', { sure: [8080], likely: [] }],
    ['--match-set banned src', { sure: [8080], likely: [] }],
    ['--match-set macs src', { sure: [], likely: [8080] }],
    ['--match-set lists src', { sure: [], likely: [8080] }],
    ['--match-set missing src', { sure: [], likely: [8080] }],
  ])('%s', (match, asked) => {
    expect(ask([drop(match), sets])).toEqual(asked);
  });
});

describe('conditions of nftables', () => {
  const ruleset = (rule: string): string => `table ip t {
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 172.18.0.2:80
	}
	chain in {
		type filter hook input priority filter; policy drop;
	}
	chain fwd {
		type filter hook forward priority filter; policy drop;
		${rule}
		ip daddr 172.18.0.2 accept
	}
}
`;
  it.each<[string, Asked]>([
    ['tcp flags & (fin|syn|rst|ack) == syn drop', { sure: [], likely: [] }],
    ['tcp flags & (fin | syn) == (fin | syn) drop', { sure: [8080], likely: [] }],
    ['tcp flags syn / fin,syn,rst,ack drop', { sure: [], likely: [] }],
    ['tcp flags != syn / fin,syn,rst,ack drop', { sure: [8080], likely: [] }],
    ['tcp flags ! fin,syn,rst,ack drop', { sure: [8080], likely: [] }],
    ['tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop', { sure: [8080], likely: [] }],
    ['tcp flags { syn, syn | ack } drop', { sure: [], likely: [8080] }],
    ['meta pkttype broadcast drop', { sure: [8080], likely: [] }],
    ['ip saddr != never.example drop', { sure: [], likely: [8080] }],
    ['iifname "eth0" drop', { sure: [], likely: [] }],
  ])('%s', (rule, asked) => {
    expect(ask([ruleset(rule)])).toEqual(asked);
  });

  it('asks by an interface that is let in, too', () => {
    const text = ruleset('iifname != "eth0" drop');
    expect(ask([text.replace('iifname != "eth0" drop', 'iifname "eth0" accept').replace(/ip daddr.*/, '')])).toEqual({
      sure: [8080],
      likely: [],
    });
  });
});
