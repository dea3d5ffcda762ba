import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBypasses } from './bypass.ts';
import { isIptablesSave, readIptablesSave } from './iptables.ts';
import { isNftJson, readNftJson } from './nft-json.ts';
import { isNftRuleset, readNftRuleset } from './nftables.ts';

/** A host with ufw that lets only 443 in, and one published port; `user` are the rules of DOCKER-USER. */
function savedRules(user: readonly string[], dnat = '! -i docker0 -p tcp -m tcp --dport 8080', input = 'DROP'): string {
  return `*filter
:INPUT ${input} [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:ufw-user-forward - [0:0]
:ufw-user-input - [0:0]
:ufw-docker-logging-deny - [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -j ufw-user-input
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
${user.join('\n')}
-A ufw-user-input -p tcp -m tcp --dport 443 -j ACCEPT
-A ufw-docker-logging-deny -m limit --limit 3/min -j LOG --log-prefix "[UFW DOCKER BLOCK] "
-A ufw-docker-logging-deny -j DROP
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ${dnat} -j DNAT --to-destination 172.17.0.2:80
COMMIT
`;
}

const open = ['-A DOCKER-USER -j RETURN'];

function portsOf(text: string): string[] {
  return findBypasses(readIptablesSave(text)).bypasses.map(
    ({ port, address, receiverPort }) => `${port} ${address}:${receiverPort}`,
  );
}

describe('a published port behind a closed input chain', () => {
  it('is open to strangers, around the firewall', () => {
    const text = savedRules(open);
    expect(isIptablesSave(text)).toBe(true);
    expect(findBypasses(readIptablesSave(text)).bypasses).toEqual([
      {
        protocol: 'tcp',
        port: 8080,
        address: '172.17.0.2',
        receiverPort: 80,
        hostAddress: '',
        interface: '',
        redirectLine: 29,
        acceptLine: 16,
      },
    ]);
  });

  it('is not told when it is bound to loopback', () => {
    expect(portsOf(savedRules(open, '-d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 8080'))).toEqual([]);
    expect(portsOf(savedRules(open, '-d 192.0.2.5/32 ! -i docker0 -p tcp -m tcp --dport 8080'))).toHaveLength(1);
  });

  it('is not told when DOCKER-USER turns strangers away', () => {
    expect(portsOf(savedRules(['-A DOCKER-USER ! -s 192.0.2.0/24 -i eth0 -j DROP', ...open]))).toEqual([]);
    expect(portsOf(savedRules(['-A DOCKER-USER -i eth0 -j DROP', ...open]))).toEqual([]);
    expect(portsOf(savedRules(['-A DOCKER-USER -i eth0 -s 192.0.2.0/24 -j DROP', ...open]))).toEqual([
      '8080 172.17.0.2:80',
    ]);
  });

  it('is not told when DOCKER-USER turns away who asked for its port or address', () => {
    const drop = (match: string): string => `-A DOCKER-USER -m conntrack ${match} --ctdir ORIGINAL -j DROP`;
    expect(portsOf(savedRules([drop('--ctorigdstport 8080'), ...open]))).toEqual([]);
    expect(portsOf(savedRules([drop('--ctorigdst 0.0.0.0/0'), ...open]))).toEqual([]);
    expect(portsOf(savedRules([drop('--ctorigdstport 80'), ...open]))).toEqual(['8080 172.17.0.2:80']);
  });

  it('is not told when ufw is made to look after forwarded packets', () => {
    const fix = [
      '-A DOCKER-USER -j ufw-user-forward',
      '-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      '-A DOCKER-USER -m conntrack --ctstate INVALID -j DROP',
      '-A DOCKER-USER -i docker0 -o docker0 -j ACCEPT',
      '-A DOCKER-USER -s 10.0.0.0/8 -j RETURN',
      '-A DOCKER-USER -s 172.16.0.0/12 -j RETURN',
      '-A DOCKER-USER -d 172.16.0.0/12 -m conntrack --ctstate NEW -j ufw-docker-logging-deny',
      ...open,
    ];
    expect(portsOf(savedRules(fix))).toEqual([]);
    expect(portsOf(savedRules(['-A ufw-user-forward -p tcp --dport 80 -j ACCEPT', ...fix]))).toEqual([
      '8080 172.17.0.2:80',
    ]);
  });

  it('is no way around where the input chain is open, or opens this port', () => {
    expect(portsOf(savedRules(open, undefined, 'ACCEPT'))).toEqual([]);
    expect(portsOf(savedRules(open, '! -i docker0 -p tcp -m tcp --dport 443'))).toEqual([]);
  });

  it('is told whichever interface the rules let in', () => {
    const lan = '-A ufw-user-input -i eth1 -p tcp --dport 8080 -j ACCEPT';
    expect(portsOf(savedRules(['-A DOCKER-USER -i tailscale0 -j RETURN', lan, ...open]))).toEqual([
      '8080 172.17.0.2:80',
    ]);
    expect(portsOf(savedRules(['-A DOCKER-USER -i eth1 -j RETURN', '-A DOCKER-USER -j DROP']))).toEqual([]);
  });

  it('is found among chains that jump in a circle', () => {
    const circle = ['-A DOCKER-USER -j ufw-user-forward', '-A ufw-user-forward -j DOCKER-USER'];
    expect(portsOf(savedRules(circle))).toEqual(['8080 172.17.0.2:80']);
  });
});

it('is found in the chains of Docker 28, which keeps the networks of bridges in a set', () => {
  const text = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-BRIDGE - [0:0]
:DOCKER-CT - [0:0]
:DOCKER-FORWARD - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-FORWARD
-A DOCKER -d 172.18.0.2/32 ! -i br-0123456789ab -o br-0123456789ab -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i br-0123456789ab -o br-0123456789ab -j DROP
-A DOCKER-BRIDGE -m set --match-set docker-ext-bridges-v4 dst -j DOCKER
-A DOCKER-CT -m set --match-set docker-ext-bridges-v4 dst -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -j DOCKER-CT
-A DOCKER-FORWARD -j DOCKER-BRIDGE
-A DOCKER-FORWARD -i br-0123456789ab -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.18.0.0/16 ! -o br-0123456789ab -j MASQUERADE
-A DOCKER ! -i br-0123456789ab -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
-A DOCKER ! -i br-0123456789ab -p tcp -m tcp --dport 9090 -j DNAT --to-destination 172.18.0.2:90
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 172.18.0.2/32 ! -i br-0123456789ab -j DROP
COMMIT
`;
  expect(portsOf(text)).toEqual(['8080 172.18.0.2:80']);
});

it('is found for IPv6', () => {
  const text = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -d fd00:1::2/128 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination [fd00:1::2]:80
COMMIT
`;
  expect(findBypasses(readIptablesSave(text)).bypasses).toMatchObject([
    { port: 8080, address: 'fd00:1::2', receiverPort: 80 },
  ]);
});

it('is looked for in bounded time where chains jump to one another without end', () => {
  const jumps = '-A DOCKER-USER -j ufw-user-forward\n-A ufw-user-forward -j DOCKER-USER\n'.repeat(50);
  expect(findBypasses(readIptablesSave(savedRules([jumps])))).toEqual({ bypasses: [], isComplete: false });
});

it('is found in a rule set of nftables', () => {
  const text = `table ip nat {
	chain DOCKER {
		iifname "docker0" counter packets 0 bytes 0 return
		iifname != "docker0" tcp dport { 8080, 8443 } counter packets 0 bytes 0 dnat to 172.17.0.2:80
	}
	chain PREROUTING {
		type nat hook prerouting priority dstnat; policy accept;
		fib daddr type local counter packets 0 bytes 0 jump DOCKER
	}
	chain POSTROUTING {
		type nat hook postrouting priority srcnat; policy accept;
		oifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade
	}
}
table inet filter {
	chain INPUT {
		type filter hook input priority filter; policy drop;
		iifname "lo" accept
		tcp dport 8443 accept
	}
	chain FORWARD {
		type filter hook forward priority filter; policy drop;
		ct state related,established accept
		oifname "docker0" ip daddr 172.17.0.2 tcp dport 80 counter packets 0 bytes 0 accept
	}
}
`;
  expect(isNftRuleset(text)).toBe(true);
  const bypasses = readNftRuleset(text).flatMap((firewall) => findBypasses(firewall).bypasses);
  expect(bypasses.map(({ port, redirectLine, acceptLine }) => [port, redirectLine, acceptLine])).toEqual([
    [8080, 4, 24],
  ]);
});

describe('a rule set of nftables as JSON', () => {
  const table = { family: 'ip', table: 'nat' };
  const filter = { family: 'inet', table: 'filter' };
  const meta = (key: string, right: unknown, op = '=='): unknown => ({ match: { op, left: { meta: { key } }, right } });
  const payload = (protocol: string, field: string, right: unknown): unknown => ({
    match: { op: '==', left: { payload: { protocol, field } }, right },
  });
  const dnat = { dnat: { addr: '172.17.0.2', port: 80 } };
  const set = { set: [8080, { range: [8443, 8444] }, { elem: { val: 9000, comment: 'x' } }] };
  const chain = (place: object, name: string, hook?: string, prio = 0, policy = 'accept'): unknown => ({
    chain: { ...place, name, ...(hook === undefined ? {} : { type: 'filter', hook, prio, policy }) },
  });
  const rule = (place: object, name: string, ...expr: unknown[]): unknown => ({
    rule: { ...place, chain: name, expr },
  });
  const rules = (redirect: unknown[]): string =>
    JSON.stringify({
      nftables: [
        { metainfo: { json_schema_version: 1 } },
        chain(table, 'DOCKER'),
        chain(table, 'PREROUTING', 'prerouting', -100),
        chain(filter, 'INPUT', 'input', 0, 'drop'),
        chain(filter, 'FORWARD', 'forward', 0, 'drop'),
        rule(
          table,
          'PREROUTING',
          { match: { op: '==', left: { fib: { result: 'type', flags: ['daddr'] } }, right: 'local' } },
          { jump: { target: 'DOCKER' } },
        ),
        rule(table, 'DOCKER', ...redirect),
        rule(filter, 'INPUT', payload('tcp', 'dport', 8443), { accept: null }),
        rule(
          filter,
          'FORWARD',
          { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] } },
          { accept: null },
        ),
        rule(
          filter,
          'FORWARD',
          payload('ip', 'daddr', { prefix: { addr: '172.17.0.0', len: 16 } }),
          payload('tcp', 'dport', 80),
          { counter: null },
          { accept: null },
        ),
      ],
    });
  const portsIn = (text: string): number[] =>
    readNftJson(text).firewalls.flatMap((firewall) => findBypasses(firewall).bypasses.map(({ port }) => port));

  it('tells the same ports', () => {
    const text = rules([meta('iifname', 'docker0', '!='), payload('tcp', 'dport', set), dnat]);
    expect(isNftJson(text)).toBe(true);
    expect(isNftJson('{"nft": []}')).toBe(false);
    expect(portsIn(text)).toEqual([8080, 8444, 9000]);
    expect(readNftJson(text).rulesCut).toBe(0);
  });

  it('says how many rules of iptables it cannot know whole', () => {
    const text = rules([payload('tcp', 'dport', 8080), { xt: { type: 'target', name: 'DNAT' } }]);
    expect(readNftJson(text).rulesCut).toBe(1);
    expect(portsIn(text)).toEqual([]);
  });

  it('takes anything that is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (expr, chains) => {
        const text = JSON.stringify({
          nftables: [chain(table, 'a', 'input'), rule(table, 'a', expr), { chain: chains }, chains],
        });
        expect(readNftJson(text).firewalls).toHaveLength(2);
      }),
    );
  });
});
