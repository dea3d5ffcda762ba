import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBypasses } from './bypass.ts';
import { readNftRuleset } from './nftables.ts';

/** What the kernel did with these rule sets was tried by connections from a second network namespace. */
const closed = `table inet fw {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname "lo" accept
		tcp dport vmap { 22 : accept, 443 : accept }
	}
}
`;

/** The chains that Docker 29 makes with "firewall-backend": "nftables". */
const docker = `table ip docker-bridges {
	map filter-forward-in-jumps {
		type ifname : verdict
		elements = { "docker0" : jump filter-forward-in__docker0,
			     "br9" : jump filter-forward-in__br9 }
	}

	chain filter-forward-in__br9 {
		counter packets 0 bytes 0 drop
	}

	chain filter-forward-in__docker0 {
		ct state established,related counter packets 0 bytes 0 accept
		iifname "docker0" counter packets 0 bytes 0 accept comment "ICC"
		ip daddr 172.17.0.2 tcp dport 80 counter packets 0 bytes 0 accept
		counter packets 0 bytes 0 drop comment "UNPUBLISHED PORT DROP"
	}

	chain nat-postrouting-out__docker0 {
		oifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade comment "MASQUERADE"
	}

	chain nat-prerouting-and-output {
		iifname != "docker0" tcp dport 8080 counter packets 0 bytes 0 dnat to 172.17.0.2:80 comment "DNAT"
	}

	chain filter-FORWARD {
		type filter hook forward priority filter; policy accept;
		oifname vmap @filter-forward-in-jumps
	}

	chain nat-PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		fib daddr type local counter packets 0 bytes 0 jump nat-prerouting-and-output
	}
}
`;

function user(sets: string, rule: string): string {
  const chain = `chain f {\n\t\ttype filter hook forward priority filter - 1; policy accept;\n\t\t${rule}\n\t}`;
  return `table ip user {\n\t${sets}\n\t${chain}\n}\n`;
}

const told = (text: string): string[] =>
  readNftRuleset(text).flatMap((firewall) =>
    findBypasses(firewall).bypasses.map(({ port, address }) => `${firewall.family} ${port} ${address}`),
  );

describe('sets and maps of nftables', () => {
  it('lead to the chains of Docker 29', () => {
    expect(told(closed + docker)).toEqual(['ip 8080 172.17.0.2']);
    expect(told(closed + docker.replace('tcp dport 80 counter', 'tcp dport 81 counter'))).toEqual([]);
  });

  it('say who is let in, also over several lines', () => {
    const set =
      'set ok {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { 10.0.0.0/8,\n\t\t\t 192.168.0.0-192.168.9.9 }\n\t}';
    expect(told(closed + docker + user(set, 'iifname "eth0" ct state new ip saddr != @ok drop'))).toEqual([]);
    expect(told(closed + docker + user(set, 'ip saddr @ok drop'))).toEqual(['ip 8080 172.17.0.2']);
  });

  it('that packets fill say nothing', () => {
    const set = 'set bad {\n\t\ttype ipv4_addr\n\t\tflags dynamic,timeout\n\t}';
    expect(told(closed + docker + user(set, 'ip saddr @bad drop'))).toEqual(['ip 8080 172.17.0.2']);
  });

  it('may have keys of several parts', () => {
    const open = closed.replace('tcp dport vmap { 22', 'ip saddr . tcp dport vmap { 0.0.0.0/0 . 8000-8090');
    expect(told(open + docker)).toEqual([]);
    const set = 'set pairs {\n\t\ttype ipv4_addr . inet_service\n\t\telements = { 172.17.0.2 . 80 }\n\t}';
    expect(told(closed + docker + user(set, 'ip daddr . tcp dport @pairs drop'))).toEqual([]);
  });

  it('say where a redirection leads, which concerns one family only', () => {
    const published = (to: string): string => `table inet fw {
	map pub {
		type inet_service : ipv4_addr . inet_service
		elements = { 8080 : 172.17.0.2 . 80, 8081 : 172.17.0.3 . 80 }
	}
	chain in {
		type filter hook input priority filter; policy drop;
	}
	chain fw {
		type filter hook forward priority filter; policy drop;
		iifname vmap { "eth0" : jump from_out, "docker0" : accept }
	}
	chain from_out {
		ct status dnat accept
	}
	chain pre {
		type nat hook prerouting priority dstnat; policy accept;
		dnat ip to tcp dport map ${to}
	}
}
`;
    expect(told(published('@pub'))).toEqual(['ip 8080 172.17.0.2', 'ip 8081 172.17.0.3']);
    expect(told(published('{ 8080 : 172.17.0.2 . 80 }'))).toEqual(['ip 8080 172.17.0.2']);
  });

  it('are read beside marks, the port that was asked for, and the family', () => {
    const marked = docker.replace('tcp dport 8080', 'meta mark set 0x1 ct mark set meta mark tcp dport 8080');
    expect(told(closed + marked)).toEqual(['ip 8080 172.17.0.2']);
    expect(told(closed + docker + user('', 'meta l4proto tcp ct original proto-dst 8080 drop'))).toEqual([]);
    expect(told(closed.replace('iifname "lo"', 'meta nfproto ipv6') + docker)).toEqual(['ip 8080 172.17.0.2']);
    expect(told(closed.replace('iifname "lo"', 'meta nfproto ipv4') + docker)).toEqual([]);
  });

  it('of any text are read', () => {
    const words = fc.constantFrom(
      'tcp',
      'dport',
      'vmap',
      'map',
      '@a',
      '{ 1 . 2 : drop }',
      '.',
      '!=',
      'dnat',
      'to',
      'ct',
      'original',
      'fib',
      'set',
      '{',
    );
    fc.assert(
      fc.property(fc.array(words), fc.string(), (rule, text) => {
        const rules = closed.replace('iifname "lo" accept', `${rule.join(' ')}\n\t\t${text}`);
        expect(readNftRuleset(rules)).toHaveLength(2);
      }),
    );
  });

  it('takes apart a bounded number of rules, however often a large set is used', () => {
    const pairs = Array.from({ length: 4000 }, (_none, index) => `10.0.${index >> 8}.${index & 255} . 80`).join(', ');
    const lines = Array.from({ length: 2000 }, () => '\t\tip saddr . tcp dport @big drop').join('\n');
    const set = `\tset big {\n\t\ttype ipv4_addr . inet_service\n\t\telements = { ${pairs} }\n\t}\n`;
    const [ip] = readNftRuleset(`table ip t {\n${set}\tchain c {\n${lines}\n\t}\n}\n`);
    const rules = ip?.chains.get('ip t/c')?.rules ?? [];
    expect(rules.length).toBeLessThan(210_000);
    expect(rules[0]?.matches.some(({ kind }) => kind === 'unknown')).toBe(false);
    expect(rules.at(-1)).toMatchObject({ line: 2006, matches: [{ kind: 'unknown' }], verdict: { kind: 'drop' } });
  });

  it('takes apart a line with a map and combinations only as far as both together allow', () => {
    const map = Array.from({ length: 200 }, (_none, index) => `${index + 1} : accept`).join(', ');
    const pairs = Array.from({ length: 200 }, (_none, index) => `10.0.0.${index} . 80`).join(', ');
    const line = `tcp dport vmap { ${map} } ip saddr . tcp sport { ${pairs} }`;
    const [ip] = readNftRuleset(`table ip t {\n\tchain c {\n\t\t${line}\n\t}\n}\n`);
    expect(ip?.chains.get('ip t/c')?.rules).toHaveLength(200);
  });
});
