/** What `ufw status verbose` says. */
export interface UfwStatus {
  readonly isActive: boolean;
  /** What happens to callers that no rule names; undefined without `verbose`. */
  readonly incoming: 'allow' | 'deny' | 'reject' | undefined;
  readonly rules: readonly UfwRule[];
}

export interface UfwRule {
  /** First and last port; 0 to 65535 when the rule names an address only. */
  readonly ports: readonly [first: number, last: number];
  readonly protocol: 'tcp' | 'udp' | undefined;
  readonly action: 'allow' | 'deny' | 'reject' | 'limit';
  /** `Anywhere`, an address or a network. */
  readonly from: string;
  readonly line: number;
}

export function isUfwStatus(text: string): boolean {
  return /^Status: (?:in)?active\b/m.test(text.slice(0, 500));
}

/** Reads `ufw status [verbose]`. Rules whose service is named in words, and rules for outgoing traffic, are passed over. */
export function readUfwStatus(text: string): UfwStatus {
  const incoming = /^Default: (?<incoming>allow|deny|reject) \(incoming\)/m.exec(text)?.groups?.['incoming'];
  return {
    isActive: /^Status: active/m.test(text),
    incoming: incoming as UfwStatus['incoming'],
    rules: text.split('\n').flatMap((line, index) => ruleOf(line, index + 1) ?? []),
  };
}

const ruleForm =
  /^(?<first>\d+)(?::(?<last>\d+))?(?:\/(?<protocol>tcp|udp))?(?: \(v6\))?\s+(?<action>ALLOW|DENY|REJECT|LIMIT)(?: IN)?\s+(?<from>\S+)/;

function ruleOf(line: string, number: number): UfwRule | undefined {
  const groups = ruleForm.exec(line)?.groups;
  if (groups === undefined || / OUT /.test(line)) return undefined;
  const first = Number(groups['first']);
  return {
    ports: [first, Number(groups['last'] ?? first)],
    protocol: groups['protocol'] as UfwRule['protocol'],
    action: (groups['action'] ?? '').toLowerCase() as UfwRule['action'],
    from: groups['from'] ?? '',
    line: number,
  };
}

/** Whether ufw, asked by itself, lets strangers in to a port; undefined when it is off or does not say. */
export function ufwAllows(status: UfwStatus, port: number, protocol: string): boolean | undefined {
  if (!status.isActive) return undefined;
  const rule = status.rules.find(
    ({ ports, protocol: only, from }) =>
      ports[0] <= port && port <= ports[1] && (only === undefined || only === protocol) && from === 'Anywhere',
  );
  if (rule !== undefined) return rule.action === 'allow' || rule.action === 'limit';
  return status.incoming === undefined ? undefined : status.incoming === 'allow';
}
