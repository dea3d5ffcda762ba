/** A rule of the kernel's audit, as text says it or as the kernel lists it: what both have in common, in one form. */
export interface AuditRule {
  readonly list: string;
  readonly action: 'always' | 'never';
  /** `b64` and `b32`; undefined where the rule names none. */
  readonly arch: string | undefined;
  /** Names of system calls in the order of the alphabet; `all` when it names none. */
  readonly calls: readonly string[] | 'all';
  /** Everything else, each as `field op value`, in the order of the alphabet: `auid!=4294967295`. Without path, permissions and keys. */
  readonly conditions: readonly string[];
  /** What is watched: `dir` with everything below it, `path` one name. A `-w` is either: the kernel decides when it is loaded. */
  readonly watch: { readonly kind: 'path' | 'dir' | 'either'; readonly path: string } | undefined;
  /** Of `rwxa`, in that order; all when the rule names none. */
  readonly permissions: string;
  readonly keys: readonly string[];
}

/** What two rules have in common that do the same; keys and the kind of a watch are left out. */
export function sameRule(rule: AuditRule): string {
  const calls = rule.calls === 'all' ? 'all' : rule.calls.join(',');
  const watched = rule.watch?.path ?? '';
  return [rule.list, rule.action, rule.arch ?? '', calls, ...rule.conditions, watched, rule.permissions].join(' ');
}

/** The rule as auditctl takes it. */
export function ruleText(rule: AuditRule): string {
  const { watch, arch, calls, conditions, permissions, keys, list, action } = rule;
  const named = keys.map((key) => ` -k ${key}`).join('');
  const isPlain =
    list === 'exit' && action === 'always' && arch === undefined && calls === 'all' && conditions.length === 0;
  if (watch !== undefined && isPlain) return `-w ${watch.path} -p ${permissions}${named}`;
  const parts = [`-a ${rule.action},${rule.list}`];
  if (arch !== undefined) parts.push(`-F arch=${arch}`);
  if (calls !== 'all') parts.push(`-S ${calls.join(',')}`);
  for (const condition of conditions) {
    const isPair = condition.startsWith('compare ');
    parts.push(isPair ? `-C ${condition.slice(8)}` : `-F ${condition.replace('=4294967295', '=unset')}`);
  }
  if (watch !== undefined) parts.push(`-F ${watch.kind}=${watch.path}`, `-F perm=${permissions}`);
  return parts.join(' ') + named;
}
